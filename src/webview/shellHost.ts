import { format, type Message } from "../core/contract/index.js";
import type { Values, ViewToHost } from "../core/protocol.js";
import type { Model } from "./shellModel.js";
import type { ThemeWatch } from "./shellTheme.js";
import type { ViewHost } from "./view.js";

/** The shell's side of a `ViewHost`. */
export type HostParts = {
  readonly theme: ThemeWatch;
  readonly ui: Record<string, unknown>;
  model(): Model;
  params(): Values;
  run: ViewHost["run"];
  prepare: ViewHost["prepare"];
  ask: ViewHost["ask"];
  step(): number;
  setStep(step: number): void;
  post(message: ViewToHost): void;
  announce(text: string): void;
  redraw(): void;
};

/** What the view and the shell's own parts may ask for. */
export function createHost(parts: HostParts): ViewHost {
  const { theme, ui, model } = parts;
  return {
    t: (message: Message) => format(message, model().bundle),
    get bundle() {
      return model().bundle;
    },
    palette: () => theme.palette(),
    get reducedMotion() {
      return theme.reducedMotion;
    },
    get samples() {
      return model().samples;
    },
    setting: <T>(name: string, fallback: T): T => {
      const value = model().settings[name];
      return typeof value === typeof fallback ? (value as T) : fallback;
    },
    source: () => model().source ?? undefined,
    params: parts.params,
    shownParams: () => model().shown?.params ?? {},
    run: parts.run,
    prepare: parts.prepare,
    ask: parts.ask,
    shownRun: () => model().shown?.run,
    refused: () => ["invalid", "failed"].includes(model().run?.phase ?? ""),
    newest: () => model().run,
    post: parts.post,
    step: parts.step,
    setStep: parts.setStep,
    ui: <T>(key: string, fallback: T): T => (Object.hasOwn(ui, key) ? (ui[key] as T) : fallback),
    setUi(key, value) {
      ui[key] = value;
      parts.redraw();
    },
    announce: parts.announce,
    redraw: parts.redraw,
  };
}
