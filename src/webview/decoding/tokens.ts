import { tokenName } from "../../core/text/tokenName.js";
import type { DecodingTrace } from "../../core/decoding/trace.js";

/** The texts of tokens by id, gathered from all traces of one vocabulary. */
export class Tokens {
  #pieces = new Map<number, string>();
  #vocabulary = "";

  add({ source, pieceIds, pieces }: Pick<DecodingTrace, "source" | "pieceIds" | "pieces">): void {
    const vocabulary = JSON.stringify([source.kind, source.name, source.vocabularySize]);
    // An n-gram model's ids are those of one text, which an edit may change.
    if (vocabulary !== this.#vocabulary) this.#pieces.clear();
    this.#vocabulary = vocabulary;
    pieceIds.forEach((id, i) => this.#pieces.set(id, pieces[i]));
  }

  piece(id: number): string {
    return this.#pieces.get(id) ?? "";
  }

  name(id: number): string {
    const piece = this.#pieces.get(id);
    return piece === undefined ? `#${id}` : tokenName(piece);
  }
}
