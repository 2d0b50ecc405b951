import type { ViewToHost } from "../core/protocol.js";

/** Questions of the view that are under way. */
export interface Asks {
  /** Undefined when there is no answer, or none any more. */
  ask(question: unknown): Promise<unknown>;
  /** What the host answers; an answer that nobody waits for is dropped. */
  answered(ask: number, answer: unknown): void;
  /** The view is gone: what it still asks has no answer. */
  drop(): void;
}

export function createAsks(post: (message: ViewToHost) => void): Asks {
  const waiting = new Map<number, (answer: unknown) => void>();
  let last = 0;
  return {
    ask(question) {
      const ask = ++last;
      return new Promise((resolve) => {
        waiting.set(ask, resolve);
        post({ type: "ask", ask, question });
      });
    },
    answered(ask, answer) {
      const resolve = waiting.get(ask);
      waiting.delete(ask);
      resolve?.(answer ?? undefined);
    },
    drop() {
      const left = [...waiting.values()];
      waiting.clear();
      for (const resolve of left) resolve(undefined);
    },
  };
}
