import type { Family } from "./families.js";

/**
 * What stands behind the last layer: nothing; BERT's pooler; scores of all tokens; scores of classes for the text, for each
 * token, for a question's answer or for a choice; both heads of a pretraining; `other`: a class that is not known, whose
 * head is not counted.
 */
export type HeadKind = "none" | "pooler" | "language" | "pretraining" | "nextSentence" | "sequence" | "tokens" | "question" | "choice" | "other";

const suffixes: readonly (readonly [string, HeadKind])[] = [
  ["LMHeadModel", "language"],
  ["ForCausalLM", "language"],
  ["ForMaskedLM", "language"],
  ["ForPreTraining", "pretraining"],
  ["ForNextSentencePrediction", "nextSentence"],
  ["ForSequenceClassification", "sequence"],
  ["ForTokenClassification", "tokens"],
  ["ForQuestionAnswering", "question"],
  ["ForMultipleChoice", "choice"],
];

/** The head of a class of transformers, by its name. */
export function headOf({ id, prefix }: Family, architecture: string): HeadKind {
  if (architecture === `${prefix}Model`) return id === "bert" ? "pooler" : "none";
  const kind = suffixes.find(([suffix]) => architecture === prefix + suffix)?.[1] ?? "other";
  // Only BERT itself is pretrained on pairs of sentences here.
  const pairs = kind === "pretraining" || kind === "nextSentence" || kind === "choice";
  return pairs && id !== "bert" ? "other" : kind;
}
