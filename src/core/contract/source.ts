import type { Message } from "./message.js";

/** A half-open range of UTF-16 offsets in a source's text. */
export type Span = { readonly start: number; readonly end: number };

/** Random access to bytes that may be far larger than memory. `read` returns fewer bytes only at the end. */
export interface ByteSource {
  readonly size: number;
  /**
   * Reads up to `length` bytes from `offset`. The result is the caller's to keep. Throws when the file can't be read.
   * @param into memory that may be filled and returned (a part of it) instead of new memory
   */
  read(offset: number, length: number, into?: Uint8Array): Uint8Array;
}

/** Text of an editor. `ranges` are the selections, in order and disjoint; empty means the whole document. */
export type TextSource = {
  readonly kind: "text";
  readonly uri: string;
  readonly name: string;
  readonly languageId: string;
  readonly text: string;
  readonly ranges: readonly Span[];
};

/** A file read by ranges, without passing through an editor. */
export type BytesSource = {
  readonly kind: "bytes";
  readonly uri: string;
  readonly name: string;
  readonly bytes: ByteSource;
  /** The array meant, in a file of several. */
  readonly part?: string;
  /** Files of the same folder that may belong to it, such as the words of a matrix, by name. */
  readonly beside?: ReadonlyMap<string, ByteSource>;
};

/** Files that belong together, such as a model's folder; keys are names relative to it. */
export type FilesSource = {
  readonly kind: "files";
  readonly uri: string;
  readonly name: string;
  readonly files: ReadonlyMap<string, ByteSource>;
  /** What else the folder holds, by the reason for which it was left out. */
  readonly left?: readonly LeftOut[];
};

/** Files or folders of one kind that are not read. `reason` goes on after their number: "of other kinds (.png, .zip)". */
export type LeftOut = { readonly count: number; readonly reason: Message };

/** Data that ships with Lumen. */
export type BuiltinSource = { readonly kind: "builtin"; readonly name: string };

export type Source = TextSource | BytesSource | FilesSource | BuiltinSource;

/** Something the reader can mend: what is wrong, where, and what to do about it. */
export type Problem = {
  readonly severity: "error" | "warning" | "info";
  /** A headline for it. A story with the same headline has said what the sentence says. */
  readonly title?: Message;
  /** One or two sentences that name the place and the remedy. */
  readonly message: Message;
  /** Where it is in the source's text; absent for binary sources and for problems of the whole source. */
  readonly span?: Span;
  /** 1-based line (text) or row (binary) for the sentence's link, where there is one. */
  readonly line?: number;
  /** Remedies, offered as buttons. */
  readonly fixes?: readonly Fix[];
  /** An info that the view shows beside the picture, which would be misread without it. */
  readonly prominent?: boolean;
};

/** A column of the source: how many of its cells are numbers, and whether it is taken when none are named. */
export type ColumnChoice = { readonly name: string; readonly numbers: number; readonly numeric: boolean };

/** A change of parameters; or, where the reader has to choose something first, what: the host asks, and runs with it and the parameters. */
export type Fix = { readonly label: Message; readonly params: Readonly<Record<string, unknown>>; readonly choose?: Choice };

/** What the host can ask the reader for, or switch to. */
export type Choice = "modelFolder" | "builtInModel" | "textFolder" | "server";
