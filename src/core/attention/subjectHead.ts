import { nameIds } from "./partMapSource.js";
import type { AttentionInput, GivenArrays } from "./subject.js";
import type { AttentionTrace, Tokens } from "./trace.js";

/** A trace without parts. */
export type Head = Pick<AttentionTrace, "key" | "source" | "tokens" | "notes">;
type Source = AttentionTrace["source"];

const nothing = { family: "", layers: 0, heads: 0, kvHeads: 0, headSize: 0, hiddenSize: 0, vocabularySize: 0, contextLength: 0, parameters: 0, causal: false };

/** Where the tab needs no text. */
export function noHead({ name, config }: AttentionInput): Head {
  return { key: `none ${config ? JSON.stringify(config) : name}`, source: { kind: "none", name, ...nothing }, tokens: named([], undefined), notes: [] };
}

const marks = new WeakMap<GivenArrays, { readonly mark: number; readonly source: Source; readonly count: number }>();
let marked = 0;

/** Arrays of one's own: as many tokens as the longer side has rows, with the names that were given, else numbers. */
export function givenHead({ name }: AttentionInput, given: GivenArrays): Head {
  let known = marks.get(given);
  if (!known) marks.set(given, (known = { mark: ++marked, ...describe(name, given) }));
  const { mark, source, count } = known;
  const names = "tokens" in given ? given.tokens : undefined;
  const tokens = named(Array.from({ length: count }, (_, i) => i), names);
  return { key: `${given.kind} ${name} ${mark}`, source, tokens: { ...tokens, ids: nameIds(count, names) }, notes: [] };
}

function describe(name: string, given: GivenArrays): { readonly source: Source; readonly count: number } {
  switch (given.kind) {
    case "maps": {
      const { layers, heads, rows, columns } = given;
      return { source: { ...nothing, kind: "maps", name, layers, heads, kvHeads: heads, causal: given.causal ?? false }, count: Math.max(rows, columns) };
    }
    case "matrices": {
      const { query, key, value, causal } = given;
      const source: Source = { ...nothing, kind: "matrices", name, layers: 1, heads: query.length, kvHeads: key.length, headSize: query[0].columns, hiddenSize: query.length * value[0].columns, causal };
      return { source, count: Math.max(query[0].rows, key[0].rows) };
    }
    case "states":
      return { source: { ...nothing, kind: "states", name, hiddenSize: given.encoder.columns }, count: 0 };
  }
}

function named(ids: readonly number[], names: readonly string[] | undefined): Tokens {
  const pieces = ids.map((i) => names?.[i] ?? String(i));
  return { text: pieces.join(" "), ids: Int32Array.from(ids), pieces, spans: null, visible: new Uint8Array(ids.length).fill(1), segments: new Uint8Array(ids.length), cut: 0 };
}
