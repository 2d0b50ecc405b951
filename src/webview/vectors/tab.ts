import type { Message } from "../../core/contract/index.js";
import type { Tab as TabId } from "../../core/vectors/params.js";
import type { VectorsTrace } from "../../core/vectors/trace.js";
import type { Chip, ExportFile, Frame, ViewHost } from "../view.js";

/** What the tabs of one panel share: the trace with every part that is known of it, and what the reader points at. */
export interface Shared {
  readonly host: ViewHost;
  /** The newest trace, joined with the parts of earlier ones of the same rows. */
  readonly trace: VectorsTrace;
  readonly tab: TabId;
  /** The framed pair of rows, a ≤ b; null when none is. Kept over reloads. */
  pair(): readonly [number, number] | null;
  setPair(pair: readonly [number, number] | null): void;
  /** The rows under the pointer or the keyboard's cursor; they are highlighted in the editor. */
  hovered(): readonly number[];
  hover(rows: readonly number[]): void;
  /** Shows a row in its editor, and selects it there. */
  reveal(row: number): void;
  /** Goes to a tab; computes what it needs where that is not known yet. */
  show(tab: TabId): void;
  /** Asks a query in the neighbours' box: runs at once. */
  ask(query: string): void;
}

/** One tab, or a section that a tab is made of. */
export interface Section {
  readonly element: HTMLElement;
  /** Idempotent. `frame.width` is the section's own width. Only called while its part of the trace is there. */
  draw(frame: Frame): void;
  /** What is exported as a picture, in the order of the screen. */
  pictures(): readonly (SVGSVGElement | HTMLCanvasElement)[];
  /** Files beside the picture: the table as CSV, the numbers as JSON. */
  files(): readonly ExportFile[];
  /** Copy as Python and its like. */
  copies(): readonly { readonly label: Message; text(): string }[];
  chips?(): readonly Chip[];
  /** A key while the tab is shown; true when it was used. */
  key?(event: KeyboardEvent): boolean;
  /** A command of the palette or the title bar ("play"); true when it was used. */
  action?(name: string): boolean;
  /** Opens or closes the table twin. */
  toggleTable(): void;
  dispose(): void;
}

export type CreateSection = (shared: Shared) => Section;
