import type { AttentionTab } from "../../core/attention/params.js";
import type { AttentionTrace } from "../../core/attention/trace.js";
import type { Values } from "../../core/protocol.js";
import type { Section as AnySection } from "../section.js";
import type { ViewHost } from "../view.js";

/** What the tabs of the attention explorer share: the trace with every part that is known of it, and the place in it. */
export interface Shared {
  readonly host: ViewHost;
  /** The newest trace, joined with the parts of earlier ones of the same text and source. */
  readonly trace: AttentionTrace;
  readonly tab: AttentionTab;
  /** Goes to a tab; computes what it needs where that is not known yet. */
  show(tab: AttentionTab): void;
  /** Changes parameters and computes the shown tab again; calls within one animation frame make one run. */
  change(patch: Values): void;
  /** The token as a name in lists: a blank before it is a middle dot, a line break is ↵. */
  name(token: number): string;
  /** Marks tokens in the picture and in the editor, with the weight of each as its tint; null takes the marks away. */
  point(tokens: readonly { readonly token: number; readonly weight: number }[] | null): void;
  /** Reveals and selects a token in the editor. */
  reveal(token: number): void;
}

/** A section that may have steps for the player. */
export interface Section extends AnySection {
  /** Steps of the player while the tab is shown; without it, the tab has none. */
  steps?(trace: AttentionTrace): number;
}

/** Each tab's module exports one: createMap (map.ts), createSteps (steps.ts), createSequence, createPosition, createCost, createLayers, createInside. */
export type CreateSection = (shared: Shared) => Section;
