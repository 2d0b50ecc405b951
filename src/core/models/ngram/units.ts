import type { Tokenizer } from "../tokenizer.js";

export type UnitKind = "word" | "character";

/** Stands for every unit that the training text does not have. */
export const UNKNOWN = 0;
const UNKNOWN_TEXT = "\ufffd";

const BLANK = 0;
const LETTER = 1;
const SINGLE = 2;
const LINE = 3;
/** [65536] what a code is to the cutting of words. */
let kinds: Uint8Array | undefined;

/** The units of a text by number, in the order in which they first occur; 0 is the unknown one. */
export class Units implements Tokenizer {
  private readonly texts: string[] = [UNKNOWN_TEXT];
  private readonly ids = new Map<string, number>();
  /** [65536] numbers of characters that are one code; 0 where there is none yet. */
  private readonly codes: Int32Array | undefined;

  constructor(readonly kind: UnitKind) {
    this.codes = kind === "character" ? new Int32Array(65536) : undefined;
  }

  get size(): number {
    return this.texts.length;
  }

  text(id: number): string {
    return this.texts[id] ?? UNKNOWN_TEXT;
  }

  encode(text: string): number[] {
    const out: number[] = [];
    this.cut(text, 0, text.length, false, (id) => out.push(id));
    return out;
  }

  /** Words with blanks between them, save before marks that stand close to the word before, and between characters of scripts without blanks. */
  decode(ids: readonly number[]): string {
    if (this.kind === "character") return ids.map((id) => this.text(id)).join("");
    let out = "";
    let before = "\n";
    for (const id of ids) {
      const text = this.text(id);
      const close = /^[\n,.;:!?)\]}%’”、。，！？；：」』）》]/.test(text) || /[\n([{“‘、。，！？；：「『（《]$/.test(before) || (ideograph(text) && ideograph(before));
      out += close ? text : ` ${text}`;
      before = text;
    }
    return out;
  }

  /**
   * Cuts a part of a text and gives the number of each unit to `take`. New units get numbers when `learn` is set, else they are
   * unknown. A unit that reaches beyond `to` is taken whole.
   * @returns where the next part begins
   */
  cut(text: string, from: number, to: number, learn: boolean, take: (id: number) => void): number {
    return this.codes ? this.cutCharacters(text, from, to, learn, take, this.codes) : this.cutWords(text, from, to, learn, take);
  }

  private cutCharacters(text: string, from: number, to: number, learn: boolean, take: (id: number) => void, codes: Int32Array): number {
    let i = from;
    while (i < to) {
      const code = text.charCodeAt(i);
      if (code >= 0xd800 && code < 0xdc00 && i + 1 < text.length) {
        take(this.idOf(text.slice(i, i + 2), learn));
        i += 2;
        continue;
      }
      let id = codes[code];
      if (id === UNKNOWN) {
        id = this.idOf(text[i], learn);
        codes[code] = id;
      }
      take(id);
      i++;
    }
    return i;
  }

  private cutWords(text: string, from: number, to: number, learn: boolean, take: (id: number) => void): number {
    kinds ??= Uint8Array.from({ length: 65536 }, (_, code) => kindOf(code));
    let i = from;
    while (i < to) {
      const kind = kinds[text.charCodeAt(i)];
      let end = i + 1;
      if (kind === LETTER) while (end < text.length && (kinds[text.charCodeAt(end)] === LETTER || joins(text, end))) end++;
      else if (kind === LINE) while (end < text.length && (kinds[text.charCodeAt(end)] === LINE || kinds[text.charCodeAt(end)] === BLANK)) end++;
      if (kind === LINE) take(this.idOf("\n", learn));
      else if (kind !== BLANK) take(this.idOf(text.slice(i, end), learn));
      i = end;
    }
    return i;
  }

  private idOf(text: string, learn: boolean): number {
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    if (!learn) return UNKNOWN;
    const id = this.texts.length;
    // A slice would keep the whole text alive.
    const own = text.length < 13 ? text : Array.from(text).join("");
    this.ids.set(own, id);
    this.texts.push(own);
    return id;
  }
}

/** An apostrophe or hyphen between two letters belongs to the word. */
function joins(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code === 39 || code === 0x2019 || code === 45) && at + 1 < text.length && kinds![text.charCodeAt(at + 1)] === LETTER;
}

function kindOf(code: number): number {
  if (code === 10 || code === 13) return LINE;
  if (code <= 32 || code === 0xa0 || code === 0x3000 || code === 0xfeff) return BLANK;
  if (code < 128) return /[\w]/.test(String.fromCharCode(code)) ? LETTER : SINGLE;
  const character = String.fromCharCode(code);
  if (ideograph(character)) return SINGLE;
  return /[\p{L}\p{M}\p{N}]/u.test(character) || (code >= 0xd800 && code < 0xe000) ? LETTER : SINGLE;
}

/** Whether a text begins with a character of a script written without blanks. */
function ideograph(text: string): boolean {
  const code = text.charCodeAt(0);
  return (code >= 0x3040 && code <= 0x30ff) || (code >= 0x3400 && code <= 0x9fff) || (code >= 0xf900 && code <= 0xfaff);
}
