import type { DecodingTrace, SearchPart } from "../../src/core/decoding/trace.js";
import type { Values } from "../../src/core/protocol.js";
import { mocked } from "./decodingPage.js";
import type { OpenOptions, Panel } from "./harness.js";

/** What tests of the search tab share. */

export const minus = "\u2212";

export const plain: Values = { tab: "search", do_sample: false, repetition_penalty: 1, temperature: 1, top_k: 50, top_p: 1 };
export const beams = (params: Values = {}, options: OpenOptions = {}): OpenOptions => mocked({ ...plain, num_beams: 3, max_new_tokens: 6, ...params }, { width: 736, ...options });
export const contrastive = (params: Values = {}, options: OpenOptions = {}): OpenOptions => mocked({ ...plain, penalty_alpha: 0.6, top_k: 4, max_new_tokens: 16, ...params }, { width: 736, ...options });

export function searched<K extends SearchPart["kind"]>(panel: Panel, kind: K): Extract<SearchPart, { kind: K }> {
  const { search } = panel.trace<DecodingTrace>();
  if (search?.kind !== kind) throw new Error(`The trace has no search of the kind ${kind}.`);
  return search as Extract<SearchPart, { kind: K }>;
}
export const shown = (v: number, digits: number): string => v.toFixed(digits).replace("-", minus);
export const said = (panel: Panel): Promise<string> => panel.page.locator("[role=status][aria-live]").last().innerText();
