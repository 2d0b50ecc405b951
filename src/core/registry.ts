import type { TraceIn } from "./contract/index.js";

/** Everything that Lumen explains, one line each. A subject's code is read when it is first asked for. */
export const explainers = {
  mixture: async () => (await import("./mixture/explainer.js")).mixture,
  vectors: async () => (await import("./vectors/explainer.js")).vectors,
  decoding: async () => (await import("./decoding/explainer.js")).decoding,
  attention: async () => (await import("./attention/explainer.js")).attention,
} as const;

export type ExplainerId = keyof typeof explainers;
/** The trace of an explainer, by id. */
export type TraceOf<Id extends ExplainerId> = TraceIn<Awaited<ReturnType<(typeof explainers)[Id]>>>;
