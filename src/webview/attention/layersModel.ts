import type { AttentionTrace, LayersPart, LayersWord } from "../../core/attention/trace.js";

/** A piece of a vector, as it is labelled over the strips. */
export type StripPart = { readonly from: number; readonly to: number; readonly layer: number | null; readonly how: "first" | "last" | "mean" };

/** A word in its sentences, ready to be drawn. */
export class LayersModel {
  readonly count: number;
  readonly words: readonly { readonly sentence: number; readonly word: number }[];

  constructor(readonly trace: AttentionTrace, readonly part: LayersPart) {
    this.count = part.occurrences.length;
    this.words = part.sentences.flatMap(({ words }, sentence) => words.map((_, word) => ({ sentence, word })));
  }

  /** The place of the chosen word among the occurrences. */
  get chosen(): number {
    const { sentence, word } = this.words[this.part.wordIndex];
    return Math.max(0, this.part.occurrences.findIndex((each) => each.sentence === sentence && each.word === word));
  }

  wordAt(occurrence: number): LayersWord {
    const { sentence, word } = this.part.occurrences[occurrence];
    return this.part.sentences[sentence].words[word];
  }

  /** "1", or "2.5" for the fifth word of the second sentence where a sentence has the word twice. */
  name(occurrence: number): string {
    const { sentence, word } = this.part.occurrences[occurrence];
    const twice = this.part.occurrences.filter((each) => each.sentence === sentence).length > 1;
    return twice ? `${sentence + 1}.${word + 1}` : String(sentence + 1);
  }

  /** The words around an occurrence. */
  context(occurrence: number, reach = 2): readonly [before: string, word: string, after: string] {
    const { sentence, word } = this.part.occurrences[occurrence];
    const { words } = this.part.sentences[sentence];
    const text = (from: number, to: number): string => words.slice(Math.max(0, from), to).map((each) => each.text).join(" ");
    const [start, end] = [word - reach, word + 1 + reach];
    return [`${start > 0 ? "… " : ""}${text(start, word)}`, words[word].text, `${text(word + 1, end)}${end < words.length ? " …" : ""}`];
  }

  cosine(layer: number, a: number, b: number): number {
    return this.part.cosines[(layer * this.count + a) * this.count + b];
  }

  vector(occurrence: number): Float32Array {
    return this.part.vectors.subarray(occurrence * this.part.length, (occurrence + 1) * this.part.length);
  }

  /** The tokens that a part of an occurrence's vector comes from. */
  pieces(occurrence: number, how: StripPart["how"]): readonly string[] {
    const { pieces } = this.wordAt(occurrence);
    return how === "mean" ? pieces : how === "first" ? pieces.slice(0, 1) : pieces.slice(-1);
  }

  /** The limit of the sign scale: the size that 1 in 50 numbers exceeds. */
  get limit(): number {
    const sizes = Float32Array.from(this.part.vectors, Math.abs).sort();
    return sizes[Math.floor(sizes.length * 0.98)] || 1;
  }
}
