import type { Tab as TabId } from "../../core/vectors/params.js";
import type { VectorsTrace } from "../../core/vectors/trace.js";
import type { Section } from "../section.js";
import type { ViewHost } from "../view.js";

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

export type CreateSection = (shared: Shared) => Section;
