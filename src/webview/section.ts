import type { Message } from "../core/contract/index.js";
import type { Chip, ExportFile, Frame } from "./view.js";

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
