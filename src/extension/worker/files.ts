import { closeSync, fstatSync, openSync, readdirSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { msg, type ByteSource, type Message, type Parsed, type Progress, type Source } from "../../core/contract/index.js";
import type { SourceSpec } from "../../core/protocol.js";
import { holdsArrays, wordsNames } from "../../core/vectors/files/wordsNames.js";
import { textFolder } from "./textFolder.js";

/** Small reads are served from a block of this size. */
const blockSize = 1 << 20;

/** A source or a target that can't be used; the reader can mend it, so it is a problem and no failure of Lumen. */
export class FileError extends Error {
  constructor(readonly sentence: Message) {
    super(sentence.text);
  }
}

/** A source ready to be parsed. Equal keys mean equal contents. */
export type Opened = {
  /** What to parse, found in short steps where that takes looking for. */
  readonly source: Source | (() => Generator<Progress, Parsed<Source>, void>);
  readonly key: string;
  close(): void;
};

/** Opens a source as it came from the host. Throws a `FileError` when a file can't be read. */
export function openSource(spec: SourceSpec): Opened {
  const { kind, uri, name } = spec;
  switch (kind) {
    case "text":
      return {
        source: { ...spec, kind },
        key: [uri, spec.languageId, textKey(spec.text), JSON.stringify(spec.ranges)].join("\n"),
        close() {},
      };
    case "folder": {
      const { list, close } = textFolder(spec, openFile);
      return { source: list, key: [uri, spec.path, spec.asked, spec.below, JSON.stringify(spec.hidden)].join("\n"), close };
    }
    case "bytes": {
      const files = [spec, ...(spec.beside ?? [])];
      const beside = new Map(spec.beside?.map((each) => [each.name, memorySource(each.bytes)]));
      return {
        source: { kind, uri, name, bytes: memorySource(spec.bytes), beside, ...partOf(spec) },
        key: [uri, spec.part ?? "", ...files.map(({ bytes }) => sha1(bytes))].join("\n"),
        close() {},
      };
    }
    case "file": {
      const file = openFile(spec.path, name);
      const beside = openBeside(spec);
      const files = [file, ...beside.values()];
      return {
        source: { kind: "bytes", uri, name, bytes: file, beside, ...partOf(spec) },
        key: [uri, spec.part ?? "", spec.path, ...files.flatMap(({ modified, size }) => [modified, size])].join("\n"),
        close: () => {
          for (const each of files) each.close();
        },
      };
    }
  }
}

function partOf({ part }: { readonly part?: string }): { readonly part?: string } {
  return part === undefined ? {} : { part };
}

/** The files beside one of arrays that may hold its words, by the names that the reader looks for. The caller closes them. */
export function openBeside({ path: file, name }: { readonly path: string; readonly name: string }): Map<string, OpenFile> {
  const found = new Map<string, OpenFile>();
  const own = path.basename(file);
  if (!holdsArrays(own)) return found;
  // The source may be called after one array of the file.
  const wanted = wordsNames(name);
  for (const [i, each] of wordsNames(own).entries()) {
    try {
      found.set(wanted[i], openFile(path.join(path.dirname(file), each), each));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  }
  return found;
}

export type OpenFile = ByteSource & { readonly modified: number; close(): void };

/** Files of a folder by their names, opened. Equal keys mean equal contents. */
export type OpenedFolder = { readonly files: ReadonlyMap<string, ByteSource>; readonly key: string; close(): void };

/**
 * Opens those files of a folder whose names `wanted` takes, and looks at no others.
 * @throws FileError when the folder or one of the files can't be read
 */
export function openFolder(folder: string, name: string, wanted: (file: string) => boolean): OpenedFolder {
  const files = new Map<string, OpenFile>();
  const close = () => {
    for (const each of files.values()) each.close();
  };
  try {
    for (const entry of list(folder, name)) {
      if (wanted(entry.name) && !entry.isDirectory()) files.set(entry.name, openFile(path.join(folder, entry.name), entry.name));
    }
  } catch (error) {
    close();
    throw error;
  }
  const key = [folder, ...[...files].flatMap(([file, { modified, size }]) => [file, modified, size])].join("\n");
  return { files, key, close };
}

function list(folder: string, name: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new FileError(msg("The folder {0} is not there any more. Choose one with “Lumen: Use Model Folder…”.", name));
    if (code === "ENOTDIR") throw new FileError(msg("{0} is a file. Choose the folder that config.json and model.safetensors are in.", name));
    throw new FileError(sentenceFor(name, code ?? String(error)));
  }
}

function textKey(text: string): string {
  return `${text.length} ${sha1(text)}`;
}

function sha1(contents: string | Uint8Array): string {
  // Read when it is first needed: it would be a tenth of the worker's start.
  const { createHash } = process.getBuiltinModule("node:crypto");
  return createHash("sha1").update(contents).digest("base64");
}

/** Bytes in memory as a `ByteSource`. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (offset, length) => bytes.slice(offset, offset + length) };
}

/** A file read by ranges, with `block` bytes of read-ahead. Throws a `FileError` when it can't be opened. */
export function openFile(file: string, name: string, block = blockSize): OpenFile {
  const handle = attempt(name, () => openSync(file, "r"));
  try {
    const stat = attempt(name, () => fstatSync(handle));
    if (!stat.isFile()) throw new FileError(msg("{0} is not a file. Choose a file with numbers.", name));
    return { ...readAhead(handle, stat.size, name, block), modified: stat.mtimeMs, close: () => closeSync(handle) };
  } catch (error) {
    closeSync(handle);
    throw error;
  }
}

function readAhead(handle: number, size: number, name: string, ahead: number): ByteSource {
  let block: Uint8Array = new Uint8Array(0);
  let blockStart = 0;
  const fill = (offset: number, length: number, into?: Uint8Array) => {
    const wanted = Math.max(0, Math.min(length, size - offset));
    const bytes = into && into.length >= wanted ? into.subarray(0, wanted) : new Uint8Array(wanted);
    let done = 0;
    while (done < bytes.length) {
      const count = attempt(name, () => readSync(handle, bytes, done, bytes.length - done, offset + done));
      if (count === 0) break; // the file has shrunk since it was opened
      done += count;
    }
    return done < bytes.length ? bytes.slice(0, done) : bytes;
  };
  return {
    size,
    read(offset, length, into) {
      if (2 * length >= ahead) return fill(offset, length, into);
      if (offset < blockStart || offset + length > blockStart + block.length) {
        block = fill(offset, ahead);
        blockStart = offset;
      }
      return block.slice(offset - blockStart, offset - blockStart + length);
    },
  };
}

/** A text file that appears under its name only when it is complete. */
export type TextTarget = { write(text: string): void; finish(): void; abandon(): void };

/** Opens a file to write. Throws a `FileError` when it can't be written. */
export function openTarget(file: string): TextTarget {
  const part = `${file}.part`;
  const handle = attempt(file, () => openSync(part, "w"));
  let open = true;
  const close = () => {
    if (open) closeSync(handle);
    open = false;
  };
  return {
    write: (text) => {
      const bytes = new TextEncoder().encode(text);
      for (let done = 0; done < bytes.length;) done += attempt(file, () => writeSync(handle, bytes, done));
    },
    finish: () => {
      close();
      attempt(file, () => renameSync(part, file));
    },
    abandon: () => {
      close();
      rmSync(part, { force: true });
    },
  };
}

/** Runs a file operation; what goes wrong becomes a sentence with the file's name. */
function attempt<T>(name: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw new FileError(sentenceFor(name, (error as NodeJS.ErrnoException).code ?? String(error)));
  }
}

function sentenceFor(name: string, code: string): Message {
  switch (code) {
    case "ENOENT":
      return msg("{0} is not there any more. Choose the file again.", name);
    case "EACCES":
    case "EPERM":
      return msg("{0} may not be opened by you. Change its permissions, or copy it to a folder of yours.", name);
    case "EISDIR":
      return msg("{0} is a folder. Choose a file with numbers.", name);
    case "ENOSPC":
      return msg("The disk is full, so {0} was not written. Make room and save again.", name);
    default:
      return msg("{0} can't be read or written ({1}). Try again, or copy it to another folder.", name, code);
  }
}
