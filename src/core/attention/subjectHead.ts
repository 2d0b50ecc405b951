import { isCausal } from "./maps.js";
import { hashNumbers } from "../text/hash.js";
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

/** Arrays of one's own: as many tokens as the longer side has rows, with the names that were given, else numbers. */
export function givenHead({ name }: AttentionInput, given: GivenArrays): Head {
  const { source, count, numbers } = describe(name, given);
  return { key: `${given.kind} ${name} ${hashNumbers(numbers)}`, source, tokens: named(Array.from({ length: count }, (_, i) => i), "tokens" in given ? given.tokens : undefined), notes: [] };
}

function describe(name: string, given: GivenArrays): { readonly source: Source; readonly count: number; readonly numbers: ArrayLike<number> } {
  switch (given.kind) {
    case "maps": {
      const { layers, heads, rows, columns, weights } = given;
      const size = rows * columns;
      const causal = size > 1 && Array.from({ length: layers * heads }, (_, i) => weights.subarray(i * size, (i + 1) * size)).every((map) => isCausal(map, rows, columns));
      return { source: { ...nothing, kind: "maps", name, layers, heads, kvHeads: heads, causal }, count: Math.max(rows, columns), numbers: weights };
    }
    case "matrices": {
      const { query, key, value, causal } = given;
      const headSize = query[0]?.columns ?? 0;
      const source: Source = { ...nothing, kind: "matrices", name, layers: 1, heads: query.length, kvHeads: key.length, headSize, hiddenSize: value.reduce((sum, { columns }) => sum + columns, 0), causal };
      const numbers = [...query, ...key, ...value].flatMap(({ rows, columns, values }) => [rows, columns, ...values]);
      return { source, count: Math.max(query[0]?.rows ?? 0, key[0]?.rows ?? 0), numbers: [...numbers, causal ? 1 : 0] };
    }
    case "states": {
      const { encoder, decoder } = given;
      return { source: { ...nothing, kind: "states", name, hiddenSize: encoder.columns }, count: 0, numbers: [...encoder.values, ...decoder.values] };
    }
  }
}

function named(ids: readonly number[], names: readonly string[] | undefined): Tokens {
  const pieces = ids.map((i) => names?.[i] ?? String(i));
  return { text: pieces.join(" "), ids: Int32Array.from(ids), pieces, spans: null, visible: new Uint8Array(ids.length).fill(1), segments: new Uint8Array(ids.length), cut: 0 };
}
