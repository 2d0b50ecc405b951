import type { ViewHost } from "../view.js";

const MOST = 50;

/** Past questions, the newest last, kept over reloads. */
export type History = {
  /** `growing`: takes the place of the last one where it only goes on from it, as while somebody types. */
  add(text: string, growing: boolean): void;
  /** The one before (−1) or after (+1); undefined at the ends. `draft` is what stands in the box now. */
  walk(step: -1 | 1, draft: string): string | undefined;
};

export function createHistory(host: ViewHost, name: string): History {
  /** Place in the list; its length is the draft. */
  let at: number | null = null;
  let draft = "";
  const list = (): readonly string[] => host.ui<readonly string[]>(name, []);
  return {
    add(text, growing) {
      const past = list();
      const last = past[past.length - 1];
      at = null;
      if (text === "" || text === last) return;
      const kept = growing && last !== undefined && text.startsWith(last) ? past.slice(0, -1) : past;
      host.setUi(name, [...kept.filter((each) => each !== text), text].slice(-MOST));
    },
    walk(step, now) {
      const past = list();
      if (at === null) {
        draft = now;
        // What stands in the box is mostly the newest question itself.
        at = past[past.length - 1] === now.trim() ? past.length - 1 : past.length;
      }
      const next = at + step;
      if (next < 0 || next > past.length) return undefined;
      at = next;
      return next === past.length ? (past[past.length - 1] === draft.trim() ? "" : draft) : past[next];
    },
  };
}
