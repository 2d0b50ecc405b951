import type { DecodingTab } from "../../core/decoding/params.js";
import type { DecodingTrace } from "../../core/decoding/trace.js";
import type { Values } from "../../core/protocol.js";
import type { Section as AnySection } from "../section.js";
import type { ViewHost } from "../view.js";

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

/** A tab, which may have a player of its own. */
export interface Section extends AnySection {
  /** Where its player stands, for the headline: a token of the text or a step of the search. */
  position?(): number;
  /** Another tab is shown: what moves by itself stops. */
  leave?(): void;
}

/** Each tab's module exports one: createSearch (search.ts), createCompare (compare.ts), createTraining (training.ts). */
export type CreateSection = (shared: Shared) => Section;
