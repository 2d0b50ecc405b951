import type { Message } from "../../core/contract/index.js";
import type { DecodingTab } from "../../core/decoding/params.js";
import type { DecodingTrace } from "../../core/decoding/trace.js";
import type { Values } from "../../core/protocol.js";
import type { Chip, ExportFile, Frame, ViewHost } from "../view.js";

/** What the tabs of the decoding explorer share: the trace with every part that is known of it, and its tokens as text. */
export interface Shared {
  readonly host: ViewHost;
  /** The newest trace, joined with the parts of earlier ones of the same prompt and source. */
  readonly trace: DecodingTrace;
  readonly tab: DecodingTab;
  /** Goes to a tab; computes what it needs where that is not known yet. */
  show(tab: DecodingTab): void;
  /**
   * Changes parameters and computes the shown tab again. Many calls within one animation frame make one run, so that a
   * slider may call it as it is dragged.
   */
  change(patch: Values): void;
  /** The text of a token as it stands in the running text; "" where the trace does not name it. */
  piece(id: number): string;
  /** The token as a name in lists: a blank before it is a middle dot, a line break is ↵, a byte stands as <0xE4>. */
  name(id: number): string;
}

/** One tab, or a section that a tab is made of. */
export interface Section {
  readonly element: HTMLElement;
  /** Idempotent. `frame.width` is the section's own width. Only called while its part of the trace is there. */
  draw(frame: Frame): void;
  /** Steps of the player while the tab is shown; without it, the tab has none. */
  steps?(trace: DecodingTrace): number;
  /** What is exported as a picture, in the order of the screen. */
  pictures(): readonly (SVGSVGElement | HTMLCanvasElement)[];
  /** Files beside the picture: the table as CSV, the numbers as JSON. */
  files(): readonly ExportFile[];
  /** Texts for the clipboard beside "Copy as Python" and "Copy as llama.cpp flags", which every tab has. */
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

/** Each tab's module exports one: createSearch (search.ts), createCompare (compare.ts), createTraining (training.ts). */
export type CreateSection = (shared: Shared) => Section;
