import { defineExplainer } from "../contract/index.js";
import { answerVectors } from "./answer.js";
import type { VectorInput } from "./input.js";
import { vectorParams } from "./params.js";
import { parseVectors } from "./parse.js";
import { runVectors } from "./run.js";
import { writeVectors } from "./write.js";

/** Vectors and words beside one another: similarities, strips, neighbours and analogies, maps, one-hot rows. */
export const vectors = defineExplainer({
  id: "vectors",
  params: vectorParams,
  example: "words.txt",
  parse: parseVectors,
  run: (input: VectorInput, params, env) => runVectors(input, params, env),
  answer: answerVectors,
  write: writeVectors,
});
