import type { Values, ViewState } from "../core/protocol.js";

/** What the panel remembers over a reload. */
export interface Memory {
  readonly ui: Record<string, unknown>;
  readonly params: Values | undefined;
  /** The step saved for this source, once: after the first complete trace the reader's own step counts. */
  takeStep(uri: string | undefined): number | undefined;
  /** Forgets what was saved by another explainer. */
  keepFor(explainer: string): void;
  /** Saves when something changed. Until `takeStep`, what was saved before is still the truth. */
  save(state: ViewState): void;
}

export function createMemory(store: { getState(): ViewState | undefined; setState(state: ViewState): void }): Memory {
  let restored = store.getState();
  let saved = "";
  return {
    ui: { ...restored?.ui },
    get params() {
      return restored?.params;
    },
    takeStep(uri) {
      const step = restored !== undefined && restored.uri === uri ? restored.step : undefined;
      restored = undefined;
      return step;
    },
    keepFor(explainer) {
      if (restored?.explainer !== explainer) restored = undefined;
    },
    save(state) {
      const text = JSON.stringify(state);
      if (restored !== undefined || text === saved) return;
      saved = text;
      store.setState(state);
    },
  };
}
