import type { Bundle, Choice, ColumnChoice, Message, Problem, ServerAnswer, Span } from "./contract/index.js";
import type { EffectAnswer, EffectPlace, EffectQuestion } from "./decoding/effectTypes.js";
import type { DType, Halves, Plane, Statistics, Window } from "./formats/tensors.js";
import type { KernelChoice, KernelReport } from "./kernels/choose.js";
import type { CrewState } from "./kernels/crew.js";
import type { KernelTiming } from "./kernels/timings.js";
import type { ThemeKind } from "./math/signScale.js";
import type { Comparison, PinnedVector, VectorHover, WordHover } from "./vectors/hover.js";
import type { ModelSpec, SourceSpec, StoreSpec } from "./protocolSpecs.js";
import type { WordRun } from "./vectors/wordAt.js";

export type { FolderSpec, HiddenGlob, ModelSpec, NamedBytes, SourceSpec, StoreSpec } from "./protocolSpecs.js";
export type { CrewState, KernelChoice, KernelReport, KernelTiming };
export type { Statistics };
export type { EffectAnswer, EffectPlace, EffectQuestion };
export type { Comparison, PinnedVector, ThemeKind, VectorHover, WordHover, WordRun };

/** Identifies one run over both hops; grows with time within a window. */
export type RunId = number;
export type Values = Readonly<Record<string, unknown>>;

// Every run ends in exactly one of trace, invalid, cancelled, failed.
/** Something was done; `trace`, when present, can be drawn. */
export type ProgressEvent = { readonly type: "progress"; readonly run: RunId; readonly fraction: number; readonly message: Message; readonly trace?: unknown };
/** The result, with what the reader should know about it. */
export type TraceEvent = { readonly type: "trace"; readonly run: RunId; readonly trace: unknown; readonly problems: readonly Problem[] };
/** The input or the parameters can't be run. `columns` are those of the source, where it could be read. */
export type InvalidEvent = { readonly type: "invalid"; readonly run: RunId; readonly problems: readonly Problem[]; readonly columns?: readonly ColumnChoice[] };
/** A newer run or the reader took its place; nothing is kept. */
export type CancelledEvent = { readonly type: "cancelled"; readonly run: RunId };
/** Lumen's own fault: an exception, or a worker that died. `detail` goes to the log. */
export type FailedEvent = { readonly type: "failed"; readonly run: RunId; readonly message: Message; readonly detail: string };
export type WantsEvent = { readonly type: "wants"; readonly run: RunId; readonly text: string };
export type RunEvent = ProgressEvent | TraceEvent | InvalidEvent | CancelledEvent | FailedEvent;

/** What is known of the vector or the word at a place of a document? */
export type VectorQuestion = {
  /** The text is left out where the worker has this version from before. */
  readonly document: { readonly uri: string; readonly version: number; readonly languageId: string; readonly text?: string };
  readonly offset: number;
  /** The letters around the place, and where to look them up; absent where words are not asked for. */
  readonly word?: WordRun & { readonly store: StoreSpec };
  /** Whether to look for words that are spelled alike when there is no such word. */
  readonly spellings: boolean;
  readonly pinned?: PinnedVector;
  readonly theme: ThemeKind;
  /** Where the strip's colours end. */
  readonly scale: number;
};

export type VectorAnswer =
  | VectorHover
  | WordHover
  /** The store does not have the word. */
  | { readonly kind: "unknown"; readonly word: string; readonly words: number; readonly spellings: readonly string[] }
  /** The store can't be read. */
  | { readonly kind: "problem"; readonly problems: readonly Problem[] }
  | { readonly kind: "nothing" }
  /** The worker lacks the text or the bytes: ask again with them. */
  | { readonly kind: "resend" };

// Section of the tensor editor: arrays of a file, looked at window by window.
/** One array of a file, as the editor lists it. */
export type TensorInfo = {
  readonly name: string;
  readonly dtype: DType;
  /** The type as the file writes it. */
  readonly descr: string;
  readonly shape: readonly number[];
  readonly order: "C" | "F";
  readonly littleEndian: boolean;
  readonly size: number;
  readonly bytes: number;
  /** Why it can't be fitted as columns, or compared row by row; absent where it can. */
  readonly noTable?: Message;
  readonly noRows?: Message;
};
/** A question about a file of arrays. `version` is that of the opened file: another one is answered by `changed`. */
export type TensorQuestion =
  | { readonly kind: "open" }
  | { readonly kind: "window"; readonly version: string; readonly tensor: number; readonly plane: Plane; readonly window: Window }
  /** Progress carries `Statistics` of what is known. */
  | { readonly kind: "statistics"; readonly version: string; readonly tensor: number };
export type TensorWindow = {
  readonly kind: "window";
  /** What of the window lies within the plane. */
  readonly window: Window;
  /** [rowCount, colCount], row-major. */
  readonly values: Float32Array | Float64Array;
  /** Of 64-bit integers that doubles can't hold. */
  readonly halves?: Halves;
  /** Names of the rows, where the file has them. */
  readonly labels?: readonly string[];
};
export type OpenedTensors = {
  readonly kind: "opened";
  readonly format: "npy" | "npz" | "safetensors" | "word2vec";
  readonly version: string;
  /** Bytes of the file. */
  readonly size: number;
  readonly tensors: readonly TensorInfo[];
  readonly metadata: readonly (readonly [key: string, value: string])[];
  readonly problems: readonly Problem[];
};
export type TensorAnswer =
  | OpenedTensors
  | TensorWindow
  | { readonly kind: "statistics"; readonly statistics: Statistics }
  /** The file is not as it was when it was opened. */
  | { readonly kind: "changed" }
  /** The worker lacks the bytes: ask again with them. */
  | { readonly kind: "resend" };
/** What the reader looks at, kept for each file. */
export type TensorPlace = {
  /** The array's name. */
  readonly tensor: string;
  readonly rowAxis: number;
  readonly colAxis: number;
  readonly index: readonly number[];
  readonly row: number;
  readonly col: number;
  /** Which of the sizes of cells. */
  readonly zoom: number;
  readonly scale: TensorScale;
  readonly table: boolean;
  readonly filter: string;
};
/** Where the colours end: the setting's limit, the largest of the window or of the array, or a number of the reader's. */
export type TensorScale = "setting" | "window" | "array" | number;

export type TensorToView =
  /** First message after `ready`: everything that does not change. */
  | { readonly type: "init"; readonly name: string; readonly language: string; readonly bundle: Bundle; readonly limit: number; readonly place?: TensorPlace }
  | { readonly type: "progress"; readonly ask: number; readonly fraction: number; readonly message: Message; readonly statistics?: Statistics }
  | { readonly type: "answer"; readonly ask: number; readonly answer: TensorAnswer }
  /** The file can't be read. */
  | { readonly type: "refused"; readonly ask: number; readonly problems: readonly Problem[] }
  | { readonly type: "cancelled"; readonly ask: number }
  | { readonly type: "failed"; readonly ask: number; readonly message: Message }
  /** The file was changed or went while it was shown. */
  | { readonly type: "stale"; readonly message: Message }
  | { readonly type: "notice"; readonly message: Message };

/** What is done with an array elsewhere. */
export type TensorAction = "useAsWordVectors" | "fitGmm" | "compareRows" | "showAttention";

export type ViewToTensor =
  | { readonly type: "ready" }
  /** Answered by `answer`, `refused`, `cancelled` or `failed`. A question overtakes the one of its kind before it. */
  | { readonly type: "ask"; readonly ask: number; readonly question: TensorQuestion }
  | { readonly type: "cancel"; readonly ask: number }
  | { readonly type: "place"; readonly place: TensorPlace }
  | { readonly type: TensorAction; readonly tensor: string; readonly only: boolean }
  | { readonly type: "copy"; readonly text: string }
  | { readonly type: "error"; readonly message: string; readonly stack: string };

export type HostToWorker =
  /** Start a run. `from` is the run whose result to start from; `store` the word vectors that it may look words up in. */
  | { readonly type: "run"; readonly run: RunId; readonly explainer: string; readonly source: SourceSpec; readonly params: Values; readonly from?: RunId; readonly store?: StoreSpec; readonly model?: ModelSpec; readonly server?: ServerAnswer }
  /** Answer a view's question about a run. Ends in `answered`, `invalid`, `cancelled` or `failed`. */
  | { readonly type: "question"; readonly run: RunId; readonly explainer: string; readonly source: SourceSpec; readonly params: Values; readonly question: unknown; readonly store?: StoreSpec; readonly model?: ModelSpec; readonly server?: ServerAnswer }
  /** What the server answered to a run that wanted it. */
  | { readonly type: "supply"; readonly run: RunId; readonly text: string; readonly answer: ServerAnswer }
  /** Drop a run. */
  | { readonly type: "cancel"; readonly run: RunId }
  /** End a run at the next step and keep what is known. */
  | { readonly type: "stop"; readonly run: RunId }
  /** Write an export of all rows to a file; parses the source again where it is no longer held. */
  | { readonly type: "write"; readonly run: RunId; readonly explainer: string; readonly source: SourceSpec; readonly params: Values; readonly name: string; readonly at: unknown; readonly path: string; readonly store?: StoreSpec; readonly model?: ModelSpec; readonly server?: ServerAnswer }
  /** Ends in `answer`, `cancelled` or `failed`. */
  | { readonly type: "ask"; readonly run: RunId; readonly question: VectorQuestion }
  /** Read word vectors before they are asked for. Ends in `loaded`, `invalid`, `cancelled` or `failed`. */
  | { readonly type: "load"; readonly run: RunId; readonly store: StoreSpec }
  /** Read a language model before it is asked for. Ends in `modelLoaded`, `invalid`, `cancelled` or `failed`. */
  | { readonly type: "loadModel"; readonly run: RunId; readonly model: ModelSpec }
  /** Ends in `inspected`, `invalid`, `cancelled` or `failed`. */
  | { readonly type: "inspect"; readonly run: RunId; readonly file: StoreSpec; readonly question: TensorQuestion }
  /** Time the kernels. Ends in `diagnosed` or `failed`. */
  | { readonly type: "diagnose"; readonly run: RunId }
  /** Let go of a file that nobody looks at any more. */
  | { readonly type: "release"; readonly uri: string };

export type WorkerToHost =
  /** The worker has loaded and takes messages. */
  | { readonly type: "ready"; readonly kernels?: KernelReport }
  /** What `diagnose` asked for. */
  | { readonly type: "diagnosed"; readonly run: RunId; readonly timings: readonly KernelTiming[]; readonly crew?: CrewState }
  /** The worker is alive; sent every now and then while it has work, so that a step without end is noticed. */
  | { readonly type: "beat" }
  | RunEvent
  /** The run goes on when the reader's server was asked what follows this text (`supply`). */
  | WantsEvent
  /** An export was written. */
  | { readonly type: "written"; readonly run: RunId; readonly path: string }
  | { readonly type: "answer"; readonly run: RunId; readonly answer: VectorAnswer }
  | { readonly type: "answered"; readonly run: RunId; readonly answer: unknown }
  | { readonly type: "inspected"; readonly run: RunId; readonly answer: TensorAnswer }
  | { readonly type: "modelLoaded"; readonly run: RunId; readonly family: string; readonly layers: number; readonly parameters: number; readonly problems: readonly Problem[] }
  | { readonly type: "loaded"; readonly run: RunId; readonly words: number; readonly dimensions: number; readonly problems: readonly Problem[] };

/** What the panel shows of its source. */
export type SourceInfo = {
  readonly uri: string;
  readonly name: string;
  /** Line range as shown in the chip, e.g. "2–101"; empty for the whole file or a binary one. */
  readonly lines: string;
  /** The selected ranges, as `ViewState` keeps them; empty means the whole source. */
  readonly ranges: readonly Span[];
  readonly pinned: boolean;
  /** The text was edited since the picture was made, and is not fitted again by itself (live fitting is off). */
  readonly outdated?: boolean;
  /** Whether the source is text in an editor, so that rows can be highlighted there. */
  readonly text: boolean;
  /** The file that the parameters are taken from, and that their changes are written to. */
  readonly config?: ConfigInfo;
};

/** `broken`: the file can't be read as it stands; the parameters are those of its last valid state, and nothing is written. */
export type ConfigInfo = { readonly uri: string; readonly name: string; readonly broken: boolean };

/** The address of the source of a panel whose only text is typed in it. */
export const typedSource = "lumen:prompt";

export type HostToView =
  /** First message after `ready`: everything that does not change. */
  | { readonly type: "init"; readonly explainer: string; readonly language: string; readonly bundle: Bundle; readonly samples: readonly SampleInfo[] }
  /** Settings that pictures begin with, by the end of their names ("stripScale"): after `init`, and again when one changes. */
  | { readonly type: "settings"; readonly settings: Values }
  /** Which source the panel shows now; undefined when there is none (empty state). */
  | { readonly type: "source"; readonly source: SourceInfo | undefined }
  /** A run began. The picture drawn so far is stale when `edited`. */
  | { readonly type: "running"; readonly run: RunId; readonly params: Values; readonly edited: boolean }
  | RunEvent
  /** What the explainer answers to the view's `ask`; undefined when it could not, or was overtaken. */
  | { readonly type: "answered"; readonly ask: number; readonly answer: unknown }
  /** The caret's offset in the source's text, or null when it is elsewhere. */
  | { readonly type: "caret"; readonly offset: number | null }
  /** A command from the palette or the title bar, by the key of the view's action ("export", "copyPython", "play", …). */
  | { readonly type: "action"; readonly action: string }
  /** A short confirmation to announce ("Copied."). */
  | { readonly type: "notice"; readonly message: Message };

export type SampleInfo = { readonly file: string; readonly title: string; readonly explainer: string };

export type ViewToHost =
  /** The webview's script has loaded; `state` is what it had saved before a reload. */
  | { readonly type: "ready" }
  /** Run with these parameters. `from` starts at the result of that run ("Continue"). */
  | { readonly type: "run"; readonly params: Values; readonly from?: RunId }
  | { readonly type: "stop" }
  | { readonly type: "cancel" }
  /** Ask the explainer about the shown run; answered once by `answered`. */
  | { readonly type: "ask"; readonly ask: number; readonly question: unknown }
  | { readonly type: "pin"; readonly pinned: boolean }
  /** Show the source in its editor; without a span, the selected range. */
  | { readonly type: "reveal"; readonly span?: Span; readonly line?: number }
  /** Show the file of the parameters (`SourceInfo.config`) in its editor. */
  | { readonly type: "revealConfig" }
  /**
   * Highlight these rows, without scrolling; empty takes the highlight away. With `weights` in [0, 1], one a span, each is tinted by
   * its own; `ring` is the place that they are the weights of.
   */
  | { readonly type: "highlight"; readonly spans: readonly Span[]; readonly weights?: readonly number[]; readonly ring?: Span }
  /** Make these rows the editor's selection. */
  | { readonly type: "select"; readonly spans: readonly Span[] }
  /** Gutter bars: `bars[i]` are the colours and shares of group i, `group[j]` the group of row j; null takes them away. */
  | { readonly type: "decorate"; readonly bars: readonly (readonly { readonly color: string; readonly share: number }[])[]; readonly spans: Int32Array; readonly group: Int32Array }
  | { readonly type: "undecorate" }
  | { readonly type: "copy"; readonly text: string }
  /** Save a file made by the view; the host asks where. */
  | { readonly type: "save"; readonly name: string; readonly data: string | Uint8Array }
  /** Save an export that needs all rows; the worker writes it. */
  | { readonly type: "write"; readonly name: string; readonly export: string; readonly at: unknown }
  /** Let the reader choose a folder, another model or a server, and run with it and these parameters. */
  | { readonly type: "choose"; readonly choice: Choice; readonly params: Values }
  /** Insert text at the caret of the last editor. */
  | { readonly type: "insert"; readonly text: string; readonly languageId: string }
  | { readonly type: "openSample"; readonly file: string }
  /** The view's state for `getState`, also kept by the host to restore the panel. */
  | { readonly type: "params"; readonly params: Values }
  /** An exception in the view: shown there, logged here. */
  | { readonly type: "error"; readonly message: string; readonly stack: string };

/** What the webview keeps in `setState`. */
export type ViewState = { readonly explainer: string; readonly params: Values; readonly step: number; readonly uri: string; readonly ranges: readonly Span[]; readonly pinned?: boolean; readonly ui: Values };
