import { msg, type ByteSource, type Message, type Parsed, type Progress } from "../../contract/index.js";
import { JsonFault, JsonScanner } from "../../formats/jsonScanner.js";
import { refuse } from "../../formats/tensorSource.js";
import { VectorStore } from "../store.js";
import { indexWords } from "../wordIndex.js";
import { GrowingRows } from "./growing.js";
import { notes } from "./problems.js";

const WORD = /^(?:word|token|label|name|text|key|id)$/i;
const VECTOR = /^(?:vector|embedding|values|vec)$/i;
/** Longer vectors are no word vectors. */
const LONGEST = 1 << 20;
const SLICE = 1 << 16;

/**
 * Reads vectors from JSON of any size: a map `{"king": [0.5, 0.7], …}`, a list of such records as
 * `{"word": "king", "vector": [0.5, 0.7]}`, or JSON Lines of them. NaN and Infinity are read as Python writes them.
 */
export function* readJsonVectors(source: ByteSource): Generator<Progress, Parsed<VectorStore>, void> {
  const reader = new JsonVectors(source);
  try {
    return yield* reader.run();
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    return refuse(msg("Line {0}: “{1}” stands where “{2}” should. Word vectors in JSON look like: {3}.", error.line, error.found || msg("(the end)"), error.expected, "{\"king\": [0.5, 0.7], \"queen\": [0.4, 0.8]}"), error.line);
  }
}

class JsonVectors {
  private readonly json: JsonScanner;
  private readonly words: string[] = [];
  private rows: GrowingRows | undefined;
  private readonly buffer: number[] = [];
  private strange = 0;
  private refused: { readonly message: Message; readonly line: number } | undefined;
  private pause = SLICE;

  constructor(source: ByteSource) {
    this.json = new JsonScanner(source);
  }

  *run(): Generator<Progress, Parsed<VectorStore>, void> {
    const { json } = this;
    if (json.took("[")) {
      for (let first = true; !this.refused && !json.took("]"); first = false) {
        if (!first) json.expect(",");
        json.expect("{");
        yield* this.object(true);
      }
    } else {
      json.expect("{");
      yield* this.object(false);
      // JSON Lines: a record a line.
      while (!this.refused && json.took("{")) yield* this.object(true);
    }
    if (this.refused) return refuse(this.refused.message, this.refused.line);
    if (json.peek() >= 0) json.fail("}");
    if (!this.rows) return refuse(msg("No vectors stand here. Word vectors in JSON look like: {0}.", "{\"king\": [0.5, 0.7], \"queen\": [0.4, 0.8]}"));
    const store = new VectorStore(this.words, this.rows.join(), this.rows.d, yield* indexWords(this.words));
    return { ok: true, input: store, problems: notes(store, this.strange) };
  }

  /** Reads behind an opening brace: a record, or (unless it must be one) a map of words to vectors. */
  private *object(record: boolean): Generator<Progress, void, void> {
    const { json } = this;
    let word: string | undefined;
    let values = false;
    let map = false;
    const line = json.line;
    for (let first = true; !this.refused && !json.took("}"); first = false) {
      if (!first) json.expect(",");
      const key = json.string();
      json.expect(":");
      const open = json.peek() === 91;
      if (open && !values && !map && VECTOR.test(key)) {
        this.vector();
        values = true;
      } else if (open && !record && word === undefined) {
        // What looked like a record's vector was a map's first word.
        if (values) this.add("vector", line);
        values = false;
        map = true;
        this.vector();
        this.add(key, json.line);
      } else if (json.peek() === 34 && !map && WORD.test(key) && word === undefined) word = json.string();
      else if (map || !(record || word !== undefined || values)) json.fail("[");
      else json.skip();
      if (json.taken >= this.pause) {
        this.pause = json.taken + SLICE;
        yield { fraction: json.fraction, message: msg("{0} words read", this.words.length) };
      }
    }
    if (this.refused || map) return;
    if (values) this.add(word ?? (record ? String(this.words.length) : "vector"), line);
    else if (record) json.fail("\"vector\": [");
  }

  /** Takes a list of numbers into the buffer. */
  private vector(): void {
    const { json, buffer } = this;
    buffer.length = 0;
    json.expect("[");
    for (let first = true; !json.took("]"); first = false) {
      if (!first) json.expect(",");
      buffer.push(json.number());
      if (buffer.length > LONGEST) json.fail("]");
    }
  }

  /** Adds the buffer as a word's vector, when it is as long as the others. */
  private add(word: string, line: number): void {
    const { buffer, words } = this;
    if (buffer.length === 0) this.refused = { message: msg("Line {0}: the vector of {1} is empty. Give it numbers, or remove it.", line, word), line };
    this.rows ??= new GrowingRows(buffer.length);
    if (this.refused) return;
    if (buffer.length !== this.rows.d) {
      this.refused = { message: msg("Line {0}: the vector of {1} has {2} numbers, but that of {3} has {4}. All must be of one length.", line, word, buffer.length, words[0], this.rows.d), line };
    } else if (this.rows.isFull) {
      this.refused = { message: msg("{0} words of {1} dimensions are more than fit into memory at once. Keep the first lines of the file, which are the most frequent words.", words.length + 1, this.rows.d), line };
    } else {
      for (const value of buffer) if (value - value !== 0) this.strange++;
      words.push(word);
      this.rows.push(buffer);
    }
  }
}
