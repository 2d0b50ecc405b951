import { attention } from "./attention/explainer.js";
import type { TraceIn } from "./contract/index.js";
import { decoding } from "./decoding/explainer.js";
import { mixture } from "./mixture/explainer.js";
import { vectors } from "./vectors/explainer.js";

/** Everything that Lumen explains, one line each. */
export const explainers = [mixture, vectors, decoding, attention] as const;

export type ExplainerId = (typeof explainers)[number]["id"];
/** The trace of an explainer, by id. */
export type TraceOf<Id extends ExplainerId> = TraceIn<Extract<(typeof explainers)[number], { readonly id: Id }>>;
