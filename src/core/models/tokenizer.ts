import { Tokenizer as HuggingFaceTokenizer } from "@huggingface/tokenizers";

/** Text to tokens and back. */
export interface Tokenizer {
  /** Ids are below this. */
  readonly size: number;
  encode(text: string): number[];
  /** A text, or two, as encoders read them, with the segment of each token. */
  encodePair?(text: string, pair: string | undefined): { readonly ids: number[]; readonly segments: number[] };
  decode(ids: readonly number[]): string;
  /** One token's text, for lists: special tokens by their names, bytes that are no characters on their own as U+FFFD. */
  text(id: number): string;
  /** How the vocabulary spells it, where that differs: bytes as other characters, or as "<0xE4>". */
  spelling?(id: number): string | undefined;
}

/**
 * A tokenizer of Hugging Face's tokenizer.json.
 * @param json parsed tokenizer.json
 * @param config parsed tokenizer_config.json, or an empty object
 * @throws Error where the file names a kind that the library does not know
 */
export function openTokenizer(json: object, config: object): Tokenizer {
  const tokenizer = new HuggingFaceTokenizer(json, config);
  let size = 0;
  for (const id of tokenizer.get_vocab(true).values()) size = Math.max(size, id + 1);
  let spellings: Map<number, string> | undefined;
  const decode = (ids: readonly number[]) => (ids.length === 0 ? "" : tokenizer.decode([...ids], { skip_special_tokens: false, clean_up_tokenization_spaces: false }));
  return {
    size,
    encode: (text) => (text === "" ? [] : tokenizer.encode(text).ids),
    encodePair(text, pair) {
      const { ids, token_type_ids: segments } = tokenizer.encode(text, { text_pair: pair ?? null, return_token_type_ids: true });
      return { ids, segments: segments ?? ids.map(() => 0) };
    },
    decode,
    text: (id) => decode([id]),
    spelling(id) {
      spellings ??= new Map(Array.from(tokenizer.get_vocab(true), ([text, each]) => [each, text]));
      return spellings.get(id);
    },
  };
}
