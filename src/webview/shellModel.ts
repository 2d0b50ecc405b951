import type { Bundle, ColumnChoice, Message, Problem } from "../core/contract/index.js";
import type { HostToView, RunId, SampleInfo, SourceInfo, Values } from "../core/protocol.js";
import type { NewestRun } from "./view.js";

/** A trace that is drawn, with what its run said about it. */
export type Shown = {
  readonly run: RunId;
  readonly trace: unknown;
  readonly problems: readonly Problem[];
  readonly params: Values;
  /** False for what a run in progress has sent so far. */
  readonly complete: boolean;
};

export type Run = {
  readonly id: RunId;
  readonly params: Values;
  readonly edited: boolean;
  readonly phase: NewestRun["phase"];
  readonly progress?: { readonly fraction: number; readonly message: Message };
  /** Why it is invalid. */
  readonly problems: readonly Problem[];
  /** Why it failed. */
  readonly failure?: Message;
};

/** Everything the host has said, kept so that what to show follows from it alone. */
export type Model = {
  readonly explainer?: string;
  readonly language: string;
  readonly bundle: Bundle;
  readonly samples: readonly SampleInfo[];
  readonly settings: Values;
  /** null until the host has said which source, or that there is none. */
  readonly source: SourceInfo | undefined | null;
  readonly run?: Run;
  readonly shown?: Shown;
  /** The newest complete trace, to go back to when a run is cancelled. */
  readonly last?: Shown;
  /** What a refused run said there is to choose from, until a trace says it. */
  readonly columns?: readonly ColumnChoice[];
};

export const initialModel: Model = { language: "en", bundle: {}, samples: [], settings: {}, source: null };

/** What the panel's body shows. */
export type Mode =
  | { readonly kind: "waiting" }
  | { readonly kind: "empty" }
  /** A run without anything to draw yet. */
  | { readonly kind: "starting"; readonly run: Run }
  | { readonly kind: "picture"; readonly shown: Shown; readonly status: "complete" | "running" | "stale" }
  /** Sentences in the picture's place. */
  | { readonly kind: "problem"; readonly run: Run };

/** The model after a message. Outcomes of runs other than the newest are dropped. */
export function reduce(model: Model, message: HostToView): Model {
  switch (message.type) {
    case "init": {
      const { explainer, language, bundle, samples } = message;
      return { ...model, explainer, language, bundle, samples };
    }
    case "settings":
      return { ...model, settings: message.settings };
    case "source": {
      const same = message.source?.uri === model.source?.uri;
      return same ? { ...model, source: message.source } : { ...model, source: message.source, run: undefined, shown: undefined, last: undefined, columns: undefined };
    }
    case "running": {
      if (model.run && message.run < model.run.id) return model;
      const run: Run = { id: message.run, params: message.params, edited: message.edited || stillEdited(model), phase: "running", problems: [] };
      return { ...model, run };
    }
    case "progress": {
      if (!isCurrent(model, message.run)) return model;
      const { fraction, trace } = message;
      const run: Run = { ...model.run, progress: { fraction, message: message.message } };
      if (trace === undefined) return { ...model, run };
      return { ...model, run, shown: { run: run.id, trace, problems: [], params: run.params, complete: false } };
    }
    case "trace": {
      if (!isCurrent(model, message.run)) return model;
      const { id, params } = model.run;
      const shown: Shown = { run: id, trace: message.trace, problems: message.problems, params, complete: true };
      return { ...model, run: { ...model.run, phase: "done" }, shown, last: shown, columns: undefined };
    }
    case "invalid":
      if (!isCurrent(model, message.run)) return model;
      return {
        ...model,
        run: { ...model.run, phase: "invalid", problems: message.problems },
        shown: model.last,
        columns: message.columns ?? model.columns,
      };
    case "cancelled":
      if (!isCurrent(model, message.run)) return model;
      return { ...model, run: { ...model.run, phase: "cancelled" }, shown: model.last };
    case "failed":
      if (!isCurrent(model, message.run)) return model;
      return { ...model, run: { ...model.run, phase: "failed", failure: message.message }, shown: model.last };
    case "answered":
    case "caret":
    case "action":
    case "notice":
      return model;
  }
}

/** What to show. */
export function modeOf({ source, run, shown }: Model): Mode {
  if (source === null) return { kind: "waiting" };
  if (source === undefined && !run && !shown) return { kind: "empty" };
  if (!run) return shown ? { kind: "picture", shown, status: "complete" } : { kind: "waiting" };
  if (run.phase === "running") {
    if (!shown) return { kind: "starting", run };
    return { kind: "picture", shown, status: shown.run === run.id ? "running" : "stale" };
  }
  if (!shown) return { kind: "problem", run };
  const settled = run.phase === "done" || (run.phase === "cancelled" && !run.edited);
  return { kind: "picture", shown, status: settled ? "complete" : "stale" };
}

function isCurrent(model: Model, run: RunId): model is Model & { readonly run: Run } {
  return model.run?.id === run && model.run.phase === "running";
}

/** An edit that no run has caught up with yet: a change of parameters does not make the picture fresh. */
function stillEdited({ run }: Model): boolean {
  return run !== undefined && run.phase !== "done" && run.edited;
}
