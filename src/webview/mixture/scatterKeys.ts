import type { Moved } from "./scatterMeans.js";
import type { Shared } from "./shared.js";

/** What the keys do when the figure has the focus. */
export type KeyActions = {
  readonly shared: Shared;
  moved(): Moved | null;
  /** Moves a mean by shares of the axes' lengths. */
  nudge(component: number, x: number, y: number): void;
  /** The next point in a direction of the screen. */
  toward(from: number, dx: number, dy: number): number | null;
  start(): void;
  letGo(): boolean;
  say(point: number): void;
};

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** Share of an axis that an arrow moves a mean; with Shift a tenth of it. */
const nudgeShare = 0.02;

/**
 * Arrows walk over the points, or move the mean of a chosen component; 1 … 8 choose one; Enter holds the point, or starts
 * EM from the moved mean; Esc lets go. Keys that are used go no further.
 */
export function onFigureKey(actions: KeyActions): (event: KeyboardEvent) => void {
  const { shared } = actions;
  const use = (event: KeyboardEvent): boolean => {
    const arrow = arrows[event.key];
    const component = shared.heldComponent;
    if (arrow && component !== null) {
      const share = event.shiftKey ? nudgeShare / 10 : nudgeShare;
      actions.nudge(component, arrow[0] * share, -arrow[1] * share);
      return true;
    }
    if (arrow && !event.shiftKey) {
      const from = shared.hovered ?? shared.held;
      const next = from === null ? shared.leastDecided : actions.toward(from, arrow[0], arrow[1]);
      if (next !== null) {
        shared.hover(next);
        actions.say(next);
      }
      return true;
    }
    if (/^[1-8]$/.test(event.key) && Number(event.key) <= shared.trace.K) {
      shared.holdComponent(Number(event.key) - 1);
      return true;
    }
    if (event.key === "Enter" && actions.moved()) {
      actions.start();
      return true;
    }
    if (event.key === "Enter" && shared.hovered !== null) {
      shared.hold(shared.hovered);
      return true;
    }
    return event.key === "Escape" && actions.letGo();
  };
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !use(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
}
