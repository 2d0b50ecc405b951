import type { AttentionTab } from "../../core/attention/params.js";
import type { AttentionTrace } from "../../core/attention/trace.js";
import type { Values } from "../../core/protocol.js";
import type { Section as AnySection } from "../section.js";
import type { ViewHost } from "../view.js";

/** A token, and how strongly it is marked, in [0, 1]. */
export type Pointed = { readonly token: number; readonly weight: number };

/** What is marked in the reader's text: tokens, and the one that looks at them. */
export type Marks = { readonly tokens: readonly Pointed[]; readonly looking: number | null };

/** What the tabs of the attention explorer share: the trace with every part that is known of it, and the place in it. */
export interface Shared {
  readonly host: ViewHost;
  /** The newest trace, joined with the parts of earlier ones of the same text and source. */
  readonly trace: AttentionTrace;
  readonly tab: AttentionTab;
  /** The parameters as the reader has set them, those included that wait for the next frame. */
  params(): Values;
  /** The chosen layer, head and token, counted from 0: what the reader asked for, within what there is. */
  readonly layer: number;
  readonly head: number;
  readonly token: number;
  /** Goes to a tab; computes what it needs where that is not known yet. */
  show(tab: AttentionTab): void;
  /** Changes parameters and computes the shown tab again; calls within one animation frame make one run. */
  change(patch: Values): void;
  /** Chooses the token that looks; computes the shown tab again where it depends on it. */
  choose(token: number): void;
  /** The token as a name in lists: a blank before it is a middle dot, a line break is ↵. */
  name(token: number): string;
  /** The token as a label in pictures: as in lists, without the blank before it. */
  label(token: number): string;
  /**
   * Marks tokens in the reader's text, in the box and in the editor, with the weight of each as its tint, and rings the token
   * that looks at them; null takes the marks away.
   */
  point(tokens: readonly Pointed[] | null, looking?: number): void;
  /** What is marked now. */
  readonly marks: Marks;
  /** Reveals and selects a token in the editor. */
  reveal(token: number): void;
}

/** A section that may have steps for the player. */
export interface Section extends AnySection {
  /** Steps of the player while the tab is shown; without it, the tab has none. */
  steps?(trace: AttentionTrace): number;
  /** The caret in the editor went to a token, which is chosen by then. */
  caret?(token: number): void;
}

/** Each tab's module exports one: createMap (map.ts), createSteps (steps.ts), createSequence, createPosition, createCost, createLayers, createInside. */
export type CreateSection = (shared: Shared) => Section;
