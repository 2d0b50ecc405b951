import { defineExplainer } from "../contract/index.js";
import { parseAttention } from "./input.js";
import { attentionParams } from "./params.js";
import { answerCost } from "./partCostTimes.js";
import { runAttention } from "./run.js";
import type { AttentionInput } from "./subject.js";

/** What tokens look at, and what becomes of it: maps, three steps, alignment, positions, cost, layers, the inside. */
export const attention = defineExplainer({
  id: "attention",
  params: attentionParams,
  example: "attention.txt",
  parse: parseAttention,
  run: (input: AttentionInput, params, env) => runAttention(input, params, env),
  answer: (_input, _params, question, env) => answerCost(question, env),
});
