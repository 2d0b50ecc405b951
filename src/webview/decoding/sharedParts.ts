import { defaultsOf } from "../../core/contract/index.js";
import { decodingParams, type DecodingParams, type DecodingTab } from "../../core/decoding/params.js";
import type { DecodingTrace } from "../../core/decoding/trace.js";
import type { Values } from "../../core/protocol.js";
import { TabTraces } from "../tabTrace.js";

type Name = keyof DecodingParams;
const all = Object.keys(decodingParams) as readonly Name[];
const without = (...left: readonly Name[]): readonly Name[] => all.filter((name) => name !== "tab" && !left.includes(name));

/** The parameters that the part of a tab is made with. */
const madeWith: { readonly [T in DecodingTab]: readonly Name[] } = {
  explore: without("strategies", "samples", "prompts", "alpha", "margin"),
  search: without("strategies", "samples", "prompts", "alpha", "margin", "ngram", "forced", "order", "listed"),
  compare: ["prompt", "source", "order_n", "strategies", "samples", "prompts", "ngram", "min_new_tokens", "max_new_tokens", "random_state"],
  training: without("strategies", "samples", "prompts", "listed"),
};

const defaults: Values = defaultsOf(decodingParams);

/** Joins traces of the same prompt and source. */
export const traces = new TabTraces<DecodingTrace, DecodingTab>(defaults, madeWith);

/** A parameter's value, or its default. */
export function valueOf<N extends Name>(params: Values, name: N): DecodingParams[N] {
  return (params[name] ?? defaults[name]) as DecodingParams[N];
}
