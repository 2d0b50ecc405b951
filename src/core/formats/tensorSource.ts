import { msg, type ByteSource, type Message, type Parsed, type Problem, type Progress } from "../contract/index.js";

/** Bytes of which some may take long to get at. */
export interface TensorBytes extends ByteSource {
  /** Makes the next `read` of this range quick, in short steps. */
  reach?(offset: number, length: number): Generator<Progress, void, void>;
}

/** A file that turns out damaged, shorter or gone while it is read. Only `attempt` catches it. */
export class SourceFault extends Error {
  constructor(readonly problem: Message) {
    super(problem.text);
  }
}

/** The result of a reader that gives up. */
export function refuse(message: Message, line?: number): { readonly ok: false; readonly problems: readonly Problem[] } {
  return { ok: false, problems: [{ severity: "error", message, ...(line === undefined ? {} : { line }) }] };
}

/** A file whose failures to be read, and whose missing bytes, are told apart from faults of Lumen. */
export function guarded(source: TensorBytes, name: string): TensorBytes {
  const read = (offset: number, length: number, into?: Uint8Array): Uint8Array => {
    let bytes: Uint8Array;
    try {
      bytes = source.read(offset, length, into);
    } catch (error) {
      if (error instanceof SourceFault) throw error;
      throw new SourceFault(msg("{0} could not be read: {1}", name, error instanceof Error ? error.message : String(error)));
    }
    if (bytes.length < Math.min(length, source.size - offset)) {
      throw new SourceFault(msg("{0} became shorter while it was read. Open it again.", name));
    }
    return bytes;
  };
  return source.reach ? { size: source.size, read, reach: (offset, length) => source.reach!(offset, length) } : { size: source.size, read };
}

/** Runs a reader and turns what goes wrong with the file, or with the memory for it, into a problem. */
export function* attempt<T, P>(reader: Generator<Progress<P>, Parsed<T>, void>, name: string): Generator<Progress<P>, Parsed<T>, void> {
  try {
    return yield* reader;
  } catch (error) {
    if (error instanceof SourceFault) return refuse(error.problem);
    if (error instanceof RangeError && /array (?:buffer )?(?:allocation|length)/i.test(error.message)) {
      return refuse(msg("{0} needs more memory than there is. Keep fewer rows or columns.", name));
    }
    throw error;
  }
}

/** A part of a file as a file. */
export function slice(source: ByteSource, start: number, size: number): ByteSource {
  return {
    size,
    read: (offset, length, into) => source.read(start + Math.min(offset, size), Math.max(0, Math.min(length, size - offset)), into),
  };
}
