import { msg, type Message, type Parsed, type Progress } from "../../core/contract/index.js";
import { makeInflater } from "../../core/formats/inflater.js";
import { readLanguage } from "../../core/formats/looks.js";
import type { SourceSpec, StoreSpec, VectorAnswer, VectorQuestion } from "../../core/protocol.js";
import { documentVectors } from "../../core/vectors/document/documentVectors.js";
import type { DocumentVectors } from "../../core/vectors/document/vectorList.js";
import { readVectorFile } from "../../core/vectors/files/readVectorFile.js";
import { vectorHover, wordHover } from "../../core/vectors/hover.js";
import type { VectorStore } from "../../core/vectors/store.js";
import { wordAt } from "../../core/vectors/wordAt.js";
import { FileError, type Opened } from "./files.js";
import { Shared } from "./shared.js";

type HeldDocument = { readonly version: number; readonly languageId: string; readonly vectors: Shared<DocumentVectors> };
type HeldStore = { readonly key: string; readonly store: Shared<Parsed<VectorStore>> };

/** Documents kept beside the newest, and the bytes that all of them may take. */
const documentsKept = 8;
const documentBytes = 128 * 2 ** 20;
/** The built-in words and those of a file. */
const storesKept = 2;

/** Answers what is known of the vectors and words of documents. Each version of a document and each file is read once. */
export type VectorDesk = {
  ask(question: VectorQuestion): Generator<Progress, VectorAnswer, void>;
  load(store: StoreSpec): Generator<Progress, Parsed<VectorStore>, void>;
  /** The same for a run, to which a file that can't be opened is a problem like others. */
  attach(store: StoreSpec): Generator<Progress, Parsed<VectorStore>, void>;
  /** Arrays that stay here, so that no trace may take their memory along. */
  held(): readonly unknown[];
};

export function createVectorDesk(open: (spec: SourceSpec) => Opened): VectorDesk {
  const documents = new Map<string, HeldDocument>(); // the newest last
  const stores = new Map<string, HeldStore>();

  function held({ uri, version, languageId, text }: VectorQuestion["document"]): HeldDocument | undefined {
    let found = documents.get(uri);
    if (found?.version !== version || found.languageId !== languageId) {
      if (text === undefined) return undefined;
      found = { version, languageId, vectors: new Shared(documentVectors(text, readLanguage({ languageId, name: uri }))) };
    }
    documents.delete(uri);
    documents.set(uri, found);
    trimDocuments();
    return found;
  }

  function trimDocuments() {
    let bytes = 0;
    for (const { vectors } of documents.values()) bytes += vectors.done?.values.byteLength ?? 0;
    for (const [uri, { vectors }] of documents) {
      if (documents.size === 1 || (documents.size <= documentsKept && bytes <= documentBytes)) return;
      documents.delete(uri);
      bytes -= vectors.done?.values.byteLength ?? 0;
    }
  }

  /** The store of a file; undefined when its bytes have to be sent. Throws a `FileError` when it can't be opened. */
  function storeOf(spec: StoreSpec): Shared<Parsed<VectorStore>> | undefined {
    const before = stores.get(spec.uri);
    if (spec.kind === "bytes") {
      if (before?.key === keyOf(spec)) return before?.store;
      if (!spec.bytes) return undefined;
    }
    const opened = open(spec.kind === "file" ? spec : { ...spec, bytes: spec.bytes! });
    const key = keyOf(spec) ?? opened.key;
    if (before?.key === key) {
      opened.close();
      return before.store;
    }
    stores.delete(spec.uri);
    const store = new Shared(readStore(opened));
    stores.set(spec.uri, { key, store });
    for (const uri of stores.keys()) if (stores.size > storesKept) stores.delete(uri);
    return store;
  }

  function* load(spec: StoreSpec): Generator<Progress, Parsed<VectorStore>, void> {
    const store = storeOf(spec);
    if (!store) throw new Error(`The bytes of ${spec.uri} were not sent.`);
    return yield* store.wait();
  }

  function* attach(spec: StoreSpec): Generator<Progress, Parsed<VectorStore>, void> {
    const gone = (message: Message): Parsed<VectorStore> => ({ ok: false, problems: [{ severity: "error", message }] });
    try {
      const store = storeOf(spec);
      return store ? yield* store.wait() : gone(msg("{0} is not there any more. Choose the file again.", spec.name));
    } catch (error) {
      if (error instanceof FileError) return gone(error.sentence);
      throw error;
    }
  }

  function arrays(): readonly unknown[] {
    const parsed = [...stores.values()].map(({ store }) => store.done);
    return parsed.flatMap((each) => (each?.ok ? Object.values(each.input).filter(ArrayBuffer.isView) : []));
  }

  function* askWord(question: VectorQuestion): Generator<Progress, VectorAnswer, void> {
    const { word, pinned, spellings } = question;
    if (!word) return { kind: "nothing" };
    const shared = storeOf(word.store);
    if (!shared) return { kind: "resend" };
    const parsed = yield* shared.wait();
    if (!parsed.ok) return { kind: "problem", problems: parsed.problems };
    const store = parsed.input;
    const index = wordAt(store, word);
    if (index !== undefined) return yield* wordHover(store, index, pinned, question);
    return { kind: "unknown", word: word.text, words: store.n, spellings: spellings ? store.nearestSpellings(word.text) : [] };
  }

  function* ask(question: VectorQuestion): Generator<Progress, VectorAnswer, void> {
    const document = held(question.document);
    if (!document) return { kind: "resend" };
    const vectors = yield* document.vectors.wait();
    const hover = vectorHover(vectors, question.offset, question.pinned, question);
    if (hover) return hover;
    try {
      return yield* askWord(question);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return { kind: "problem", problems: [{ severity: "error", message: error.sentence }] };
    }
  }

  return { ask, load, attach, held: arrays };
}

/** What tells contents of a file that has to be sent whole; a file on disk is asked itself. */
function keyOf(spec: StoreSpec): string | undefined {
  return spec.kind === "bytes" ? `${spec.uri}\n${spec.modified}` : undefined;
}

/** Reads a file of vectors, with the words that stand beside it, and closes them. */
function* readStore(opened: Opened): Generator<Progress, Parsed<VectorStore>, void> {
  const { source } = opened;
  try {
    if (typeof source === "function" || source.kind !== "bytes") throw new Error("Word vectors are read from bytes.");
    const { name, bytes, beside, part } = source;
    return yield* readVectorFile({ name, bytes, beside }, { makeInflater, tensor: part });
  } finally {
    opened.close();
  }
}
