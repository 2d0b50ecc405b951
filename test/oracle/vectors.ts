import type { Topic } from "./runner.js";

export const vectors: Topic = {
  name: ({ op, input }) => (op === "vectors.parse" ? `vectors.parse[${String(input.format)}]` : op),
  operations: {},
};
