import { defaultsOf } from "../../core/contract/index.js";
import { decodingParams, type DecodingParams, type DecodingTab } from "../../core/decoding/params.js";
import type { DecodingTrace } from "../../core/decoding/trace.js";
import type { Values } from "../../core/protocol.js";

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

/** A parameter's value, or its default. */
export function valueOf<N extends Name>(params: Values, name: N): DecodingParams[N] {
  return (params[name] ?? defaults[name]) as DecodingParams[N];
}

/** The tab that a run was for. */
export function tabOf(params: Values): DecodingTab {
  return valueOf(params, "tab");
}

function valuesOf(params: Values, tab: DecodingTab): string {
  return JSON.stringify(madeWith[tab].map((name) => valueOf(params, name)));
}

/** The newest trace with the parts that earlier ones of the same prompt and source had. */
export type Joined = {
  readonly trace: DecodingTrace;
  /** By part, the values of the parameters that it was made with. */
  readonly made: { readonly [T in DecodingTab]?: string };
};

export function joinTrace(old: Joined | undefined, trace: DecodingTrace, params: Values): Joined {
  const tab = tabOf(params);
  const made = trace[tab] === undefined ? {} : { [tab]: valuesOf(params, tab) };
  if (!old || old.trace.key !== trace.key) return { trace, made };
  const { explore, search, compare, training } = old.trace;
  return { trace: { explore, search, compare, training, ...trace }, made: { ...old.made, ...made } };
}

/** The part of a tab is not there, or was made with other parameters. */
export function isMissing({ trace, made }: Joined, tab: DecodingTab, params: Values): boolean {
  return trace[tab] === undefined || made[tab] !== valuesOf(params, tab);
}
