import { msg, type Problem } from "../contract/index.js";
import { chosenText, DEFAULT_TEXT } from "./inputText.js";
import type { AttentionParams } from "./params.js";
import type { AttentionInput } from "./subject.js";

/** One word in two senses, which a model is to tell apart (after Peters et al. 2018, "play"; this pair is of Lumen's issue). */
const PAIR = ["I am reading a book at home.", "Please book a train ticket for me."];
/** Sentences that are read: each is a run of the model. */
const MOST = 24;

/** The sentences whose words are compared: those that were written, else the lines of the text, else its sentences, else a pair of Lumen's. */
export function sentencesOf(input: AttentionInput, params: Pick<AttentionParams, "sentences" | "text">): { readonly sentences: readonly string[]; readonly notes: readonly Problem[] } {
  const written = lines(params.sentences);
  const all = written.length > 0 ? written : fromText(chosenText(input, params).text, params.text !== "");
  const notes: Problem[] = [];
  if (all.length > MOST) notes.push({ severity: "info", prominent: true, message: msg("The first {0} of {1} sentences are compared. Write the ones that you want under “sentences”, one a line.", MOST, all.length) });
  return { sentences: all.slice(0, MOST), notes };
}

function fromText(text: string, typed: boolean): string[] {
  if (!typed && text === DEFAULT_TEXT) return PAIR;
  const found = lines(text);
  if (found.length !== 1) return found.length === 0 ? PAIR : found;
  return lines(found[0].replace(/([.!?。！？]["”’)]?)(?:\s+|(?<=[。！？]["”’)]?))(?=\S)/gu, "$1\n"));
}

function lines(text: string): string[] {
  return text.split(/\r\n|\r|\n/).map((line) => line.trim()).filter((line) => line !== "");
}
