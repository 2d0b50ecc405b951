import type { LoadedEncoder, LoadedModel } from "../models/loadModel.js";
import { pieceOf } from "../models/tokenPieces.js";
import type { Vocabulary } from "./reading.js";

/** Tokens that are marks by their spelling: [CLS], <|endoftext|>, <s>, [unused1]. */
const MARK = /^(?:\[[^\]\s]+\]|<[^>\s]+>)$/;

/** The tokens of a model. */
export function vocabularyOf(loaded: LoadedModel | LoadedEncoder): Vocabulary {
  const { tokenizer, config } = loaded;
  const { vocabularySize: size, contextLength } = "encoder" in loaded ? loaded.encoder : loaded.model;
  return {
    size,
    contextLength,
    piece: (id) => (tokenizer ? pieceOf(tokenizer, id) : ` ${id}`),
    ordinary() {
      const marks = new Set<unknown>("encoder" in loaded ? [] : [...loaded.eos, loaded.bos]);
      marks.add(config.pad_token_id);
      const named = Math.min(size, tokenizer?.size ?? size);
      const ids = Array.from({ length: named }, (_, id) => id);
      return ids.filter((id) => !marks.has(id) && !(tokenizer && MARK.test(tokenizer.spelling?.(id) ?? tokenizer.text(id))));
    },
  };
}
