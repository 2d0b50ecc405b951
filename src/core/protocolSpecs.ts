import type { Message, Span } from "./contract/index.js";

/** A source as it travels to the worker; the worker opens files itself, by ranges. */
export type SourceSpec =
  | { readonly kind: "text"; readonly uri: string; readonly name: string; readonly languageId: string; readonly text: string; readonly ranges: readonly Span[] }
  | { readonly kind: "file"; readonly uri: string; readonly name: string; readonly path: string; readonly part?: string }
  | { readonly kind: "bytes"; readonly uri: string; readonly name: string; readonly bytes: Uint8Array; readonly part?: string; readonly beside?: readonly NamedBytes[] }
  | FolderSpec;
/** The texts of a folder, which the worker looks for once for each `asked`. */
export type FolderSpec = {
  readonly kind: "folder";
  readonly uri: string;
  readonly name: string;
  readonly path: string;
  /** When it was chosen, in milliseconds: chosen again, it is read again. */
  readonly asked: number;
  /** What the reader's settings hide, and where the folder stands below the one that they count from. */
  readonly hidden: readonly HiddenGlob[];
  readonly below: string;
};
/** A glob of files.exclude; `when` names a file beside, as "$(basename).ts", without which it hides nothing. */
export type HiddenGlob = { readonly glob: string; readonly when?: string };
/** A file of the same folder that may belong to a source, such as the words of a matrix. */
export type NamedBytes = { readonly name: string; readonly bytes: Uint8Array };

/**
 * Word vectors in a file; the worker reads them once and keeps them until the file changes. `bytes`, shared memory of the
 * contents as they were at `modified`, are left out where the worker has them from before, and where the file is gone.
 */
export type StoreSpec =
  | { readonly kind: "file"; readonly uri: string; readonly name: string; readonly path: string; readonly builtIn?: boolean; readonly part?: string }
  | { readonly kind: "bytes"; readonly uri: string; readonly name: string; readonly modified: number; readonly bytes?: Uint8Array; readonly beside?: readonly NamedBytes[]; readonly builtIn?: boolean };

/** A language model's folder; the worker reads it once and keeps it until a file of it changes. */
export type ModelSpec =
  | { readonly kind: "folder"; readonly uri: string; /** "" for the built-in model. */ readonly name: string; readonly path: string }
  /** Shared memory of the contents as they were at `modified`. */
  | { readonly kind: "bytes"; readonly uri: string; readonly name: string; readonly modified: number; readonly files: Readonly<Record<string, Uint8Array>> }
  /** It can't be read at all: why, and what to do. */
  | { readonly kind: "refused"; readonly uri: string; readonly name: string; readonly message: Message };
