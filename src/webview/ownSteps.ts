import type { ViewHost } from "./view.js";

/**
 * The shell as a tab's player sees it: its step is the tab's own. It is kept over reloads and while other tabs are shown, and stays
 * at the end, wherever that comes to be, until the reader leaves the end.
 */
export function ownSteps(shell: ViewHost, key: string, last: () => number): ViewHost {
  let moving: number | null = null;
  const within = (step: number): number => Math.max(0, Math.min(last(), step));
  return Object.create(shell, {
    step: { value: () => within(moving ?? shell.ui<number | null>(key, null) ?? Infinity) },
    setStep: {
      value: (step: number) => {
        const at = within(step);
        moving = Number.isInteger(at) ? null : at;
        if (moving === null) shell.setUi(key, at >= last() ? null : at);
        else shell.redraw();
      },
    },
  }) as ViewHost;
}
