import { attentionParams, type AttentionParams, type AttentionTab } from "../../core/attention/params.js";
import type { AttentionTrace } from "../../core/attention/trace.js";
import { defaultsOf } from "../../core/contract/index.js";
import type { Values } from "../../core/protocol.js";
import { TabTraces } from "../tabTrace.js";

type Name = keyof AttentionParams;

const text: readonly Name[] = ["text", "text_pair", "source", "max_length"];

/** The parameters that the part of a tab is made with. */
export const madeWith: { readonly [T in AttentionTab]: readonly Name[] } = {
  map: [...text, "layer", "head", "reduce"],
  steps: [...text, "layer", "head", "token", "softmax_temperature", "query_scale", "query_edit"],
  sequence: ["source", "sequence_task", "sequence_text", "score"],
  position: ["hidden_size", "position", "max_position_embeddings", "target_length", "rope_theta", "num_attention_heads"],
  cost: ["shape", "sequence_length", "batch_size", "dtype"],
  layers: [...text, "word", "sentences", "layers", "layer_mean", "subtoken_pooling", "document_pooling"],
  inside: [...text, "token", "listed", "repeat_length", "max_new_tokens", "random_state"],
};

const defaults: Values = defaultsOf(attentionParams);

/** Joins traces of the same text and source. */
export const traces = new TabTraces<AttentionTrace, AttentionTab>(defaults, madeWith);

/** A parameter's value, or its default. */
export function valueOf<N extends Name>(params: Values, name: N): AttentionParams[N] {
  return (params[name] ?? defaults[name]) as AttentionParams[N];
}

/** A place counted from 0, or from the end where it is negative, within `count`. */
export function placeOf(value: number, count: number): number {
  return Math.max(0, Math.min(count - 1, value < 0 ? count + value : value));
}
