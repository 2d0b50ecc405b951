import { msg, type Problem, type Span } from "../contract/index.js";
import { fitPrompt } from "../models/fitPrompt.js";
import { placesIn } from "../models/tokenPieces.js";
import type { DecodingParams } from "./params.js";
import type { DecodingInput } from "./runInput.js";
import { promptText } from "./promptText.js";
import type { Hand } from "./runSource.js";

/** An n-gram model begins with the document's own words: others would be unknown to it. */
const DOCUMENT_START = 60;
/** Tokens of the context that are kept free for the text at most. */
const ROOM = 64;

export type Prompt = {
  readonly text: string;
  readonly ids: readonly number[];
  readonly cut: number;
  readonly spans: Int32Array | null; // [P, 2]
  readonly problems: readonly Problem[];
};

/** The prompt that was typed, else the selection, else a default; in tokens, and cut to what the model can read. */
export function promptOf(input: DecodingInput, params: DecodingParams, hand: Hand): Prompt {
  const { text, parts } = words(input, params, hand);
  const { tokenizer, model } = hand;
  const all = tokenizer.encode(text);
  if (hand.given) return { text, ids: all, cut: 0, spans: null, problems: [] };
  const room = Math.min(params.max_new_tokens, ROOM, model.contextLength >> 1 || Infinity);
  const { ids, cut, problems: found } = fitPrompt(all, model.contextLength, Number.isFinite(model.contextLength) ? room : 0, tokenizer, hand.bos);
  const problems = all.length === 0 && text.trim() !== "" ? [withoutIds(model.vocabularySize - 1, ids.length > 0)] : found;
  if (parts.length === 0 || !input.inEditor || all.length === 0) return { text, ids, cut, spans: null, problems };
  const spans = new Int32Array(2 * ids.length);
  placesIn(text, tokenizer, all).slice(cut).forEach(({ start, end }, i) => {
    spans[2 * i] = inDocument(parts, start);
    spans[2 * i + 1] = inDocument(parts, Math.max(start, end));
  });
  return { text, ids, cut, spans, problems };
}

/** A text that is not empty has no token where there is no tokenizer, and it holds no ids. */
function withoutIds(highest: number, started: boolean): Problem {
  return started
    ? { severity: "info", message: msg("The prompt has no token ids from 0 to {0}, so that the text begins from the model's start token.", highest) }
    : { severity: "error", message: msg("The prompt has no token ids from 0 to {0}. Type some, such as {1}.", highest, "1 2 3") };
}

/** The prompt's text, and the parts of the document that it is made of, joined by line breaks; none where it was typed. */
function words(input: DecodingInput, { prompt }: DecodingParams, { kind }: Hand): { readonly text: string; readonly parts: readonly Span[] } {
  if (prompt !== "") return { text: prompt, parts: [] };
  if (kind === "given") return { text: "", parts: [] };
  if (input.ranges.length > 0 || kind === "model" || kind === "server") return { text: promptText(prompt, input.text, input.ranges), parts: input.ranges };
  const own = input.text === "" ? (input.documents[0]?.text ?? "") : input.text;
  const start = Math.max(0, own.search(/\S/));
  const line = /^[^\r\n]*/.exec(own.slice(start, start + DOCUMENT_START))![0];
  const end = start + (line.length < DOCUMENT_START ? line.length : Math.max(line.lastIndexOf(" "), 0) || line.length);
  return { text: own.slice(start, end), parts: input.text === "" ? [] : [{ start, end }] };
}

/** An offset within the joined parts as one of the document. */
function inDocument(parts: readonly Span[], offset: number): number {
  let at = 0;
  for (const { start, end } of parts) {
    if (offset <= at + end - start) return start + offset - at;
    at += end - start + 1;
  }
  return parts[parts.length - 1].end;
}
