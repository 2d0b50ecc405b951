import type { Tokenizer } from "../models/tokenizer.js";
import { namesTokenizer } from "./namesTokenizer.js";

/** Special tokens by which models end a text, as servers spell them: </s>, <|endoftext|>, <eos>, <end_of_turn>. */
const ENDING = /^<(?:\/s|eos|end_of_turn|\|(?:end(?:oftext|_of_text|_of_turn)?|eot_id|im_end)\|)>$/;
/** Parts of a character, which no text can be made of: a mark of replacement, a byte, OpenAI's "bytes:\xe2". */
const UNSENDABLE = /\ufffd|^<0x[0-9A-F]{2}>$|^bytes:/;

export const endsText = (name: string): boolean => ENDING.test(name);
export const isSendable = (name: string): boolean => !UNSENDABLE.test(name);

/** The tokens that a server has named in all its answers of a run, numbered as they come: each answer names other ones. */
export class ServerTokens implements Tokenizer {
  private readonly names: string[] = [];
  private readonly ids = new Map<string, number>();

  /** @param first those of the first answer, which keep their numbers */
  constructor(first: readonly string[]) {
    this.names.push(...first);
    first.forEach((name, id) => this.ids.has(name) || this.ids.set(name, id));
  }

  get size(): number {
    return this.names.length;
  }

  idOf(name: string): number {
    const known = this.ids.get(name);
    if (known !== undefined) return known;
    this.ids.set(name, this.names.length);
    return this.names.push(name) - 1;
  }

  encode(text: string): number[] {
    return namesTokenizer(this.names, this.size).encode(text);
  }

  decode(ids: readonly number[]): string {
    return ids.map((id) => this.text(id)).join("");
  }

  text(id: number): string {
    return this.names[id] ?? "…";
  }
}
