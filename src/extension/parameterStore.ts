import type * as vscode from "vscode";
import type { Values } from "../core/protocol.js";

const key = "lumen.parameters";

/** The parameters that the next session of each explainer begins with, kept in the workspace's state. */
export function parameterStore(state: vscode.Memento) {
  const all = () => state.get<Readonly<Record<string, Values>>>(key, {});
  return {
    get: (explainer: string): Values => all()[explainer] ?? {},
    update(explainer: string, change: (values: Values) => Values): void {
      void state.update(key, { ...all(), [explainer]: change(all()[explainer] ?? {}) });
    },
    forget: async (): Promise<void> => state.update(key, undefined),
  };
}
