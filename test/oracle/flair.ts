import { format } from "../../src/core/contract/index.js";
import { chosenLayers, poolDocument, poolWords, wordLength, type SubtokenPooling } from "../../src/core/attention/pooling.js";
import { shapeOf } from "./attention.js";
import type { Operation, Topic } from "./runner.js";
import { flatNumbers, nested, toNumber, type Json, type OracleCase, type OracleFile } from "./schema.js";

/** The states and words of a sentence, which stand in a case of their own. */
function inputsOf(sentence: Json, { cases }: OracleFile) {
  const found = cases.find(({ op, input }) => op === "flair.word_pooling_inputs" && input.sentence === sentence);
  if (!found) throw new Error(`There is no sentence ${String(sentence)}.`);
  const [layers, tokens, width] = shapeOf(found.input.hidden_states);
  const hidden = (found.input.hidden_states as readonly Json[]).map(flatNumbers);
  return { layers, tokens, width, hidden, wordIds: flatNumbers(found.input.word_ids), words: toNumber(found.input.n_words) };
}

const pooled = ({ input }: OracleCase, file: OracleFile): ReturnType<Operation> => {
  const { layers, width, hidden, wordIds, words } = inputsOf(input.sentence, file);
  const chosen = chosenLayers(String(input.layers), layers);
  if (!chosen.ok) return { error: format(chosen.problem.message) };
  const pooling = { layers: chosen.layers, layerMean: input.layer_mean === true, subtokens: input.subtoken_pooling as SubtokenPooling };
  const vectors = poolWords((layer) => hidden[layer], width, wordIds, words, pooling);
  return { values: { word_embeddings: nested(vectors, wordLength(width, pooling)) } };
};

/** A case that only holds data: it is right when all of it can be taken up. */
const inputs: Operation = ({ input }, file) => {
  const { layers, tokens, width, hidden, wordIds, words } = inputsOf(input.sentence, file);
  if (hidden.some((state) => state.length !== tokens * width) || hidden.length !== layers || wordIds.length !== tokens) throw new Error("The states do not fit the sub-tokens.");
  if (wordIds.some((word) => word >= words)) throw new Error("A sub-token belongs to no word.");
  return { values: {} };
};

const words: Operation = ({ input }) => {
  const [n, width] = shapeOf(input.word_embeddings);
  const rows = flatNumbers(input.word_embeddings);
  return { values: { mean: poolDocument(rows, n, width, "mean"), min: poolDocument(rows, n, width, "min"), max: poolDocument(rows, n, width, "max") } };
};

const subTokens: Operation = ({ input }) => {
  const [n, width] = shapeOf(input.hidden_states_of_chosen_layer);
  const rows = flatNumbers(input.hidden_states_of_chosen_layer);
  return { values: { cls: poolDocument(rows, n, width, "cls"), mean: poolDocument(rows, n, width, "mean"), max: poolDocument(rows, n, width, "max") } };
};

export const flair: Topic = {
  operations: {
    "flair.word_pooling": pooled,
    "flair.word_pooling_inputs": inputs,
    "flair.document_pool": words,
    "flair.transformer_document_pool": subTokens,
  },
};
