/**
 * What a tokenizer.json of BERT would say, from its vocab.txt alone: words in lower case and without accents unless
 * tokenizer_config.json says otherwise, each as few pieces of the vocabulary as greed finds.
 * Reference: transformers, `BertConverter` in `convert_slow_tokenizer.py`.
 * @param lines of vocab.txt: a line's number is its token's id
 * @param config parsed tokenizer_config.json, or an empty object
 */
export function wordPiece(lines: readonly string[], config: Readonly<Record<string, unknown>>): object {
  const tokens = lines.length > 0 && lines[lines.length - 1] === "" ? lines.slice(0, -1) : lines;
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  const lower = config.do_lower_case !== false;
  const special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].filter((token) => token in vocab);
  const at = (id: string, type_id: number) => ({ SpecialToken: { id, type_id } });
  const text = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
  const single = [at("[CLS]", 0), text("A", 0), at("[SEP]", 0)];
  return {
    added_tokens: special.map((content) => ({ id: vocab[content], content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true })),
    normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: config.tokenize_chinese_chars !== false, strip_accents: config.strip_accents ?? null, lowercase: lower },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single,
      pair: [...single, text("B", 1), at("[SEP]", 1)],
      special_tokens: Object.fromEntries(["[CLS]", "[SEP]"].map((id) => [id, { id, ids: [vocab[id]], tokens: [id] }])),
    },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: { type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##", max_input_chars_per_word: 100, vocab },
  };
}
