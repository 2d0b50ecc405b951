import { msg, type Problem } from "../core/contract/index.js";
import type { Values } from "../core/protocol.js";
import type { FormState } from "./controls/form.js";
import type { HeaderState } from "./shellHeader.js";
import type { Mode, Model, Run, Shown } from "./shellModel.js";
import { errorsFirst } from "./shellProblems.js";
import type { StoryState } from "./shellStory.js";
import type { Chip, Frame, Mounted, ViewHost } from "./view.js";

/** What the shell's sentences are written from. */
export type Scene = {
  readonly model: Model;
  readonly mode: Mode;
  readonly mounted: Mounted<unknown> | undefined;
  readonly step: number;
  /** How the picture is drawn, where there is one. */
  readonly status: Frame["status"] | undefined;
  /** The run has taken long enough to speak of it. */
  readonly late: boolean;
  /** The view stopped the player at this step. */
  readonly paused: boolean;
};

/** Headline and sentence: the view's own, or what a run or a problem puts in the sentence's place. */
export function storyOf(host: ViewHost, { model, mode, mounted, step, status, late }: Scene): StoryState | undefined {
  const { run } = model;
  if (mode.kind === "starting") {
    return { title: msg("Reading {0}", model.source?.name ?? ""), lede: [], progress: progressOf(host, model, mode.run, late), notes: [] };
  }
  if (mode.kind !== "picture" || !mounted) return undefined;
  const { title, lede } = mounted.story(mode.shown.trace, step);
  if (run?.phase === "running" && late) return { title, lede, progress: progressOf(host, model, run, late), notes: [] };
  if (status === "stale" && run?.phase === "invalid") {
    const [problem, ...notes] = errorsFirst(run.problems);
    return { title, lede, problem, notes };
  }
  if (status === "stale" && run?.phase === "failed") {
    const problem: Problem = { severity: "error", message: run.failure ?? msg("The run failed."), fixes: [{ label: msg("Try again"), params: {} }] };
    return { title, lede, problem, notes: [] };
  }
  const notes = status === "complete" ? mode.shown.problems.filter((problem) => problem.severity !== "info") : [];
  // What the story tells under the same headline is not told twice: only the remedies are kept.
  const told = notes.filter((note) => note.title !== undefined && JSON.stringify(note.title) === JSON.stringify(title));
  return { title, lede, fixes: told.flatMap((note) => note.fixes ?? []), notes: notes.filter((note) => !told.includes(note)) };
}

function progressOf(host: ViewHost, model: Model, run: Run, late: boolean): StoryState["progress"] {
  const cancel = { label: msg("Cancel"), run: () => host.post({ type: "cancel" }) };
  const stop = { label: msg("Stop"), run: () => host.post({ type: "stop" }) };
  // Cancel stays where it is when Stop comes: it is pressed while everything around it changes.
  const actions = model.shown?.run === run.id ? [cancel, stop] : [cancel];
  return { message: run.progress?.message ?? msg("Starting"), actions: late ? actions : [] };
}

/** What the header says of the source, its rows and the picture. */
export function headerOf({ model, mounted, step, status, paused }: Scene, shown: Shown | undefined, notice: string): HeaderState {
  const view = shown ? mounted : undefined;
  const rows = view && shown ? view.rows(shown.trace) : undefined;
  const infos = shown?.problems.filter((problem) => problem.severity === "info") ?? [];
  const known = new Set(rows?.notes.map((note) => JSON.stringify(note.message)));
  const notes = [...(rows?.notes ?? []), ...infos.filter((info) => !known.has(JSON.stringify(info.message)))];
  const chips: Chip[] = [];
  if (status === "stale") chips.push({ label: model.run?.edited ? msg("before your edit") : msg("before your change"), tone: "warn" });
  else if (model.source?.outdated) chips.push({ label: msg("before your edit"), tone: "warn", action: { label: msg("Run again"), params: {} } });
  if (model.run?.phase === "cancelled") chips.push({ label: msg("cancelled"), action: { label: msg("Run again"), params: model.run.params } });
  if (view && shown && status !== "running") {
    const own = view.chips?.(shown.trace, step);
    if (own) chips.push(...own);
    else if (rows?.sampled) chips.push({ label: rows.sampled });
  }
  if (paused) chips.push({ label: msg("paused"), tone: "red" });
  return {
    source: model.source ?? undefined,
    columns: view && shown ? usedColumns(view, shown) : [],
    rows: rows && { label: rows.label, notes },
    chips,
    notice,
  };
}

/** What the form shows: the parameters of the shown picture or of the next run, and what is wrong with them. */
export function formOf({ model, mounted }: Scene, params: Values): FormState {
  const { shown, run } = model;
  return {
    params,
    shown: shown ? mounted?.form?.(shown.trace) : undefined,
    columns: model.columns ?? (shown && mounted?.columns?.(shown.trace)) ?? [],
    problems: run?.phase === "invalid" ? run.problems : [],
    presets: mounted?.presets?.() ?? [],
  };
}

/** The columns in use, for the source's chip: those asked for, else the preselected ones. */
function usedColumns(mounted: Mounted<unknown>, shown: Shown): readonly string[] {
  const { columns } = shown.params;
  if (Array.isArray(columns) && columns.length > 0) return columns as readonly string[];
  return (mounted.columns?.(shown.trace) ?? []).filter((column) => column.numeric).map((column) => column.name);
}
