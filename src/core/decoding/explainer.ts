import { defineExplainer } from "../contract/index.js";
import { answerDecoding } from "./effect.js";
import { decodingParams } from "./params.js";
import { runDecoding } from "./run.js";
import { parseDecoding, type DecodingInput } from "./runInput.js";

/** How the next token is chosen, and why texts repeat themselves: stages, searches, strategies beside one another, training. */
export const decoding = defineExplainer({
  id: "decoding",
  params: decodingParams,
  example: "prompt.txt",
  parse: parseDecoding,
  run: (input: DecodingInput, params, env) => runDecoding(input, params, env),
  answer: (input, params, question, env) => answerDecoding(input, params, question, env),
});
