import { seededRandom } from "../../../src/core/math/random.js";
import type { LanguageModel } from "../../../src/core/models/languageModel.js";
import { tableModel } from "../../oracle/decodingModels.js";

/** Rows of normal-looking logits. */
export function randomTable(seed: number, rows: number, cols: number, spread = 3): Float64Array[] {
  const random = seededRandom(seed);
  return Array.from({ length: rows }, () => Float64Array.from({ length: cols }, () => spread * (random() + random() + random() - 1.5)));
}

/** A model whose next token depends on the last one, with hidden states that depend on the last two. */
export function toyModel(seed: number, size: number): LanguageModel {
  return tableModel(randomTable(seed, size, size), { first: randomTable(seed + 1, size, 5, 1), after: randomTable(seed + 2, size, 5, 0.4) });
}
