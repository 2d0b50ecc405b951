import type { Bundle, ColumnChoice, Message, Problem, Span } from "../core/contract/index.js";
import type { RunId, SampleInfo, SourceInfo, Values, ViewToHost } from "../core/protocol.js";
import type { Palette } from "./marks/palette.js";

export type NewestRun = { readonly phase: "running" | "done" | "invalid" | "cancelled" | "failed"; readonly params: Values };

/** What a view may ask of the shell around it. */
export interface ViewHost {
  /** Renders a message in the reader's language. */
  t(message: Message): string;
  readonly bundle: Bundle;
  /** Colours of the theme in force; a new object after each change of theme, after which the shell draws again. */
  palette(): Palette;
  readonly reducedMotion: boolean;
  readonly samples: readonly SampleInfo[];
  /** A setting of the reader's, by the end of its name ("stripScale"); the fallback while it is not known or of another type. */
  setting<T>(name: string, fallback: T): T;
  source(): SourceInfo | undefined;
  /** Parameters of the shown trace, and of the next run. */
  params(): Values;
  /** Parameters that made the shown trace. */
  shownParams(): Values;
  /** Changes some parameters and runs. */
  run(patch: Values, options?: { readonly from?: RunId }): void;
  /** Changes parameters of the next run, which an edit may start, without running now. */
  prepare(patch: Values): void;
  /** Asks the explainer about the shown run, in the worker; undefined when there is no answer, such as after a newer run. */
  ask(question: unknown): Promise<unknown>;
  /** The run whose trace is shown. */
  shownRun(): RunId | undefined;
  /** The newest run was refused or has failed, so that what is shown is older and nothing newer will come by itself. */
  refused(): boolean;
  /** The newest run: how it stands, and its parameters. */
  newest(): NewestRun | undefined;
  post(message: ViewToHost): void;
  /** The step shown: any number in [0, steps − 1]; fractional while it moves. Setting it draws. */
  step(): number;
  setStep(step: number): void;
  /** Small values a view keeps over reloads (chosen columns, open tables). Setting one draws. */
  ui<T>(key: string, fallback: T): T;
  setUi(key: string, value: unknown): void;
  /** Speaks to screen readers. */
  announce(text: string): void;
  /** Draws again at the next animation frame. */
  redraw(): void;
}

export type Frame = {
  readonly step: number;
  /** Inner width of the panel, CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** complete: the run's trace; running: progress of a run; stale: an older trace while a newer run or a broken edit stands. */
  readonly status: "complete" | "running" | "stale";
};

/** A file the view can write by itself from its trace. */
export type ExportFile = { readonly label: Message; readonly name: string; data(): Promise<string | Uint8Array> | string | Uint8Array };

export interface View<T> {
  mount(root: HTMLElement, host: ViewHost): Mounted<T>;
}

export interface Mounted<T> {
  /** Idempotent; measures nothing but its own text. */
  draw(trace: T, frame: Frame): void;
  /** Number of steps of the player for this trace; positions are 0 … steps − 1. */
  steps(trace: T): number;
  /** What is shown does not await the run under way, which is for something else: it is not drawn as old. Asked before `draw`. */
  settled?(): boolean;
  /** Headline and the sentence under it, written from the trace; shown by the shell above the view. */
  story(trace: T, step: number): { readonly title: Message; readonly lede: readonly StoryPart[] };
  /** The rows chip: "147 of 150 rows", with reasons, and "20,000 of 1,200,000 drawn". */
  rows(trace: T): { readonly label: Message; readonly notes: readonly Problem[]; readonly sampled?: Message };
  /** Copy as Python and its like: text for the clipboard. */
  copies(trace: T, step: number): readonly { readonly label: Message; text(): string }[];
  exports(trace: T, step: number): readonly ExportFile[];
  /** The text for "Insert parameters into the editor". */
  insert?(trace: T, step: number): { readonly text: string; readonly languageId: string };
  /** The caret's offset in the source's text changed. */
  caret?(offset: number | null): void;
  /** A key that the shell does not use itself (see DESIGN section 11); true when it was used. */
  key?(event: KeyboardEvent): boolean;
  /** A command of the palette, the title bar or the shell's menu ("table", "formula"); true when it was used. */
  action?(name: string): boolean;
  /** Entries of the view's own in the "…" menu, such as "Colour rows by component". */
  menu?(trace: T, step: number): readonly MenuEntry[];
  /** The parameters that matter to what is shown now; the form leaves the others out. Without it, all. */
  form?(trace: T): readonly string[];
  /** What stands above the form, also where there is no picture: the parameters that people reach for most. Drawn after the picture. */
  readonly lead?: { readonly element: HTMLElement; draw(): void };
  /** Sets of parameters with a name, offered above the form. */
  presets?(): readonly Preset[];
  /** The source's columns, for the picker. */
  columns?(trace: T): readonly ColumnChoice[];
  /** What the header says of this trace beside its rows (stopped early, sampled). Without it, `rows().sampled` alone. */
  chips?(trace: T, step: number): readonly Chip[];
  dispose(): void;
}

/** A piece of the sentence under the headline: text, a component's letter in its colour, or a link to a span. */
export type StoryPart =
  | { readonly kind: "text"; readonly text: Message }
  | { readonly kind: "component"; readonly index: number }
  | { readonly kind: "link"; readonly text: Message; readonly span: Span };

export type MenuEntry = { readonly label: Message; readonly key?: string; readonly checked?: boolean; run(): void };
export type Preset = { readonly label: Message; readonly help?: Message; readonly params: Values };
/** A remark in the header with at most one remedy: a run with other parameters, from the shown result when `continues`. */
export type Chip = {
  readonly label: Message;
  readonly tone?: "plain" | "warn" | "red";
  readonly action?: { readonly label: Message; readonly params: Values; readonly continues?: boolean };
};
