import { msg, type Message, type ParamSchema } from "../core/contract/index.js";
import { attentionParams } from "../core/attention/params.js";
import { decodingParams } from "../core/decoding/params.js";
import { mixtureParams } from "../core/mixture/params.js";
import type { ExplainerId, TraceOf } from "../core/registry.js";
import { vectorParams } from "../core/vectors/params.js";
import { attention } from "./attention/view.js";
import { decoding } from "./decoding/view.js";
import { mixture } from "./mixture/view.js";
import { vectors } from "./vectors/view.js";
import type { View } from "./view.js";

/** A view for every explainer: a forgotten one does not compile. */
export const views: { readonly [K in ExplainerId]: View<TraceOf<K>> } = { mixture, vectors, decoding, attention };

/** What the form is made from. */
export const schemas: { readonly [K in ExplainerId]: ParamSchema } = { mixture: mixtureParams, vectors: vectorParams, decoding: decodingParams, attention: attentionParams };

/** What an empty panel says. */
export const invitations: { readonly [K in ExplainerId]: { readonly title: Message; readonly hint: Message } } = {
  mixture: {
    title: msg("Select numbers, then “Fit GMM to Selection”"),
    hint: msg("A column of a CSV, a JSON array, a numpy print: eight numbers or more."),
  },
  vectors: {
    title: msg("Select words or vectors, then “Compare Vectors”"),
    hint: msg("Words one a line, a JSON list of vectors, a CSV with a label column: two rows or more."),
  },
  decoding: {
    title: msg("Select a text, then “Explore Decoding from Here”"),
    hint: msg("The model goes on from it: a sentence or two are enough."),
  },
  attention: {
    title: msg("Select a text, then “Show Attention”"),
    hint: msg("A sentence, a passage, or arrays of attention, queries and keys of your own."),
  },
};

/** Whether an explainer of this name exists here. */
export function isKnown(id: string): id is ExplainerId {
  return Object.hasOwn(views, id);
}
