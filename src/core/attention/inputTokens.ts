import { msg, type Problem, type Span } from "../contract/index.js";
import { idTokenizer } from "../models/idTokenizer.js";
import type { LoadedEncoder, LoadedModel } from "../models/loadModel.js";
import { pieceOf, placesIn } from "../models/tokenPieces.js";
import type { Tokenizer } from "../models/tokenizer.js";
import { grouped } from "../text/numberText.js";
import { inDocument, tailStart, type ChosenText } from "./inputText.js";
import type { AttentionParams } from "./params.js";
import type { Tokens } from "./trace.js";
import { wordPiecePlaces } from "./wordPiecePlaces.js";

/** Tokens that are read at most: each head's map has so many rows and columns. */
const MOST_TOKENS = 1024;
/**
 * Characters of a text for each token that is read: of a longer one only the end goes to the tokenizer, which takes a second for
 * 100,000. Where blanks or long words make so few tokens of them, more.
 */
const REACHES = [6, 24];
/** Characters of which the tokens are always counted. */
const COUNTED = 4096;
/** A byte within a character. */
const CONTINUED = /^<0x[89AB]/;
/** Characters of the cut's neighbourhood that are shown. */
const SHOWN = 24;

export type Tokenized = { readonly tokens: Tokens; readonly notes: readonly Problem[] };

type Drafted = { readonly id: number; readonly segment: number; /* In the text; undefined where it stands nowhere. */ readonly place: Span | undefined };

/** A text in a model's tokens with their places, cut to what the model reads and padded where that is asked for. */
export function tokenize(loaded: LoadedModel | LoadedEncoder, chosen: ChosenText, params: Pick<AttentionParams, "text_pair" | "max_length">): Tokenized {
  const encoder = "encoder" in loaded ? loaded.encoder : undefined;
  const { vocabularySize, contextLength } = encoder ?? (loaded as LoadedModel).model;
  const tokenizer = loaded.tokenizer ?? idTokenizer(vocabularySize);
  const notes: Problem[] = [...chosen.notes];
  const most = Math.min(contextLength, MOST_TOKENS);
  const { draft, skipped } = draftEnd(tokenizer, chosen.text, encoder ? params.text_pair : undefined, most);
  if (!encoder && params.text_pair !== "") notes.push({ severity: "info", message: msg("{0} reads one text: text_pair is left out. Encoders such as BERT read two.", loaded.family) });
  const empty = draft.length === 0;
  if (empty) {
    // Without a tokenizer the text has to be ids, or there is nothing to read.
    const ids = Array.from({ length: Math.min(8, vocabularySize) }, (_, id) => id);
    draft.push(...ids.map((id) => ({ id, segment: 0, place: undefined })));
    notes.push({ severity: "info", message: msg("The text has no token ids from 0 to {0}, so that {1} are read. Type others, parted by blanks.", grouped(vocabularySize - 1), ids.join(" ")) });
  }
  const characters = !empty && (skipped > 0 || chosen.skipped) ? chosen.text.length + (chosen.skipped ?? 0) : undefined;
  const { kept, cut } = fitted(draft, most, encoder !== undefined, tokenizer, contextLength, characters, notes);
  const padding = encoder ? paddingOf(params.max_length, kept.length, most, notes) : 0;
  if (!encoder && params.max_length > 0) notes.push({ severity: "info", message: msg("{0} needs no padding: max_length is left out.", loaded.family) });
  const wordPieces = encoder !== undefined && loaded.tokenizer !== undefined;
  return { tokens: tokensOf(chosen, tokenizer, kept, { length: padding, id: padId(loaded, vocabularySize) }, cut, wordPieces), notes };
}

/** The tokens of a text's end, at least as many as are read at most if there are so many. */
function draftEnd(tokenizer: Tokenizer, text: string, pair: string | undefined, most: number): { readonly draft: Drafted[]; readonly skipped: number } {
  const second = pair?.slice(tailStart(pair, reachOf(REACHES[1], most)));
  for (const reach of REACHES) {
    const skipped = tailStart(text, reachOf(reach, most));
    const end = text.slice(skipped);
    const draft = second === undefined ? draftText(tokenizer, end, most) : draftPair(tokenizer, end, second);
    if (skipped > 0 && draft.length <= most && reach !== REACHES[1]) continue;
    const placed = draft.map(({ place, ...rest }) => ({ ...rest, place: place && { start: place.start + skipped, end: place.end + skipped } }));
    return { draft: placed, skipped: skipped + (pair?.length ?? 0) - (second?.length ?? 0) };
  }
  return { draft: [], skipped: 0 };
}

function reachOf(reach: number, most: number): number {
  return Math.max(COUNTED, reach * most);
}

/** @param most tokens at the end that are read; those before need no places, which take longer than the tokens */
function draftText(tokenizer: Tokenizer, text: string, most: number): Drafted[] {
  const ids = tokenizer.encode(text);
  let first = Math.max(0, ids.length - most);
  while (first > 0 && CONTINUED.test(pieceOf(tokenizer, ids[first]))) first--;
  const end = first > 0 ? tokenizer.decode(ids.slice(first)) : text;
  // A tokenizer may write a text in another way than it stands.
  const at = text.endsWith(end) ? text.length - end.length : 0;
  const from = at > 0 ? first : 0;
  const placed = ids.slice(from);
  const places = placesIn(text.slice(at), tokenizer, placed).map(({ start, end: to }) => ({ start: start + at, end: to + at }));
  const nowhere = ids.slice(0, from).map((id) => ({ id, segment: 0, place: undefined }));
  return [...nowhere, ...placed.map((id, i) => ({ id, segment: 0, place: placeOf(places, i, pieceOf(tokenizer, id)) }))];
}

/** A byte of a character has the place of the whole character, which its last byte has. */
function placeOf(places: readonly Span[], i: number, piece: string): Span | undefined {
  const { start, end } = places[i];
  if (end > start) return places[i];
  if (!piece.includes("<0x")) return undefined;
  return places.slice(i + 1, i + 4).find((place) => place.start === start && place.end > start);
}

function draftPair(tokenizer: Tokenizer, text: string, pair: string): Drafted[] {
  const second = pair === "" ? undefined : pair;
  const encoded = tokenizer.encodePair?.(text, second);
  const { ids, segments } = encoded ?? { ids: [...tokenizer.encode(text), ...tokenizer.encode(pair)], segments: undefined };
  const firstLength = encoded ? ids.length : tokenizer.encode(text).length;
  const segmentOf = (i: number) => segments?.[i] ?? (i < firstLength ? 0 : 1);
  const first = ids.flatMap((_, i) => (segmentOf(i) === 0 ? [i] : []));
  const places = wordPiecePlaces(text, first.map((i) => tokenizer.spelling?.(ids[i]) ?? tokenizer.text(ids[i])));
  const placeAt = new Map(first.map((i, nth) => [i, places[nth]]));
  return ids.map((id, i) => ({ id, segment: segmentOf(i), place: placeAt.get(i) }));
}

/**
 * What fits: a decoder loses its beginning; an encoder, too, but for the mark that it begins with.
 * @param characters of the whole text, where not all of it was made tokens: then nobody knows how many are cut
 */
function fitted(draft: readonly Drafted[], most: number, encoder: boolean, tokenizer: Tokenizer, contextLength: number, characters: number | undefined, notes: Problem[]): { readonly kept: readonly Drafted[]; readonly cut: number } {
  const cut = Math.max(0, draft.length - most);
  if (cut === 0 && characters === undefined) return { kept: draft, cut };
  const mark = encoder && draft[0].place === undefined ? 1 : 0;
  const kept = [...draft.slice(0, mark), ...draft.slice(mark + cut)];
  const place = tokenizer.decode(kept.slice(mark, mark + SHOWN).map(({ id }) => id)).slice(0, SHOWN).replace(/^\ufffd+|\ufffd+$/g, "").trim();
  const why = most < contextLength ? msg("Lumen draws {0}", grouped(most)) : msg("the model reads {0}", grouped(most));
  if (characters !== undefined) {
    notes.push({ severity: "warning", message: msg("The text has {0} characters, but {1} tokens: only its end is read, from “{2}” on. Shorten it to choose yourself.", grouped(characters), why, place || "…") });
    return { kept, cut: -1 };
  }
  notes.push({ severity: "warning", message: msg("The text has {0} tokens, but {1}: the first {2} are cut, so that it begins with “{3}”. Shorten it to choose yourself.", grouped(draft.length), why, grouped(cut), place) });
  return { kept, cut };
}

function paddingOf(length: number, tokens: number, most: number, notes: Problem[]): number {
  if (length === 0) return 0;
  if (length < tokens) notes.push({ severity: "info", message: msg("max_length {0} is less than the {1} tokens that the text has: nothing is padded.", length, grouped(tokens)) });
  if (length > most) notes.push({ severity: "info", message: msg("max_length {0} is more than the {1} tokens that are read at most: it is padded to these.", grouped(length), grouped(most)) });
  return Math.max(0, Math.min(length, most) - tokens);
}

/** Some configurations have −1 for none. */
function padId({ config: { pad_token_id: id } }: LoadedModel | LoadedEncoder, vocabularySize: number): number {
  return typeof id === "number" && Number.isInteger(id) && id >= 0 && id < vocabularySize ? id : 0;
}

function tokensOf({ text, parts }: ChosenText, tokenizer: Tokenizer, kept: readonly Drafted[], padding: { readonly length: number; readonly id: number }, cut: number, wordPieces: boolean): Tokens {
  const all: readonly Drafted[] = [...kept, ...Array.from({ length: padding.length }, () => ({ id: padding.id, segment: 0, place: undefined }))];
  const spans = parts.length === 0 ? null : new Int32Array(2 * all.length).fill(-1);
  all.forEach(({ place }, t) => {
    const found = spans && place && inDocument(parts, place);
    if (found) spans.set([found.start, found.end], 2 * t);
  });
  return {
    text,
    ids: Int32Array.from(all, ({ id }) => id),
    pieces: all.map(({ id, place }) => (wordPieces ? wordPieceText(tokenizer, id, place, text) : pieceOf(tokenizer, id))),
    spans,
    visible: Uint8Array.from(all, (_, t) => (t < kept.length ? 1 : 0)),
    segments: Uint8Array.from(all, ({ segment }) => segment),
    cut,
  };
}

/** A piece of a word as it stands in the text: its spelling has marks, and lacks case and accents. */
function wordPieceText(tokenizer: Tokenizer, id: number, place: Span | undefined, text: string): string {
  const spelling = tokenizer.spelling?.(id) ?? tokenizer.text(id);
  return place && spelling !== "[UNK]" ? text.slice(place.start, place.end) : spelling.replace(/^##(?=.)/, "");
}
