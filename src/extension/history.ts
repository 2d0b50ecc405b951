import type { RunId } from "../core/protocol.js";

/**
 * Remembers from which run's result each state of an experiment was started, so that the same text with the same
 * parameters always gives the same trace: the editor's undo is then the experiment's undo.
 */
export type History = {
  /** Whether this state has been seen. */
  has(key: string): boolean;
  /** The run it was started from; undefined when it was started afresh. */
  from(key: string): RunId | undefined;
  record(key: string, from: RunId | undefined): void;
  clear(): void;
};

/** Keeps the `limit` states seen last; a run's result is itself only kept for so long. */
export function createHistory(limit = 64): History {
  const states = new Map<string, RunId | undefined>();
  return {
    has: (key) => states.has(key),
    from: (key) => states.get(key),
    record(key, from) {
      states.delete(key);
      states.set(key, from);
      for (const old of states.keys()) {
        if (states.size <= limit) break;
        states.delete(old);
      }
    },
    clear: () => states.clear(),
  };
}
