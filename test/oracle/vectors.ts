import type { Topic } from "./runner.js";
import { vectorOperations } from "./vectorOps.js";

export const vectors: Topic = {
  name: ({ op, input }) => (op === "vectors.parse" ? `vectors.parse[${String(input.format)}]` : op),
  operations: { ...vectorOperations },
};
