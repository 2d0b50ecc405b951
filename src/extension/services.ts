import type * as vscode from "vscode";
import type { ModelSpec, StoreSpec, Values } from "../core/protocol.js";
import type { CompletionServer } from "./decoding/completionServer.js";
import type { Diagnostics } from "./editor/diagnostics.js";
import type { Gutter } from "./editor/gutter.js";
import type { Highlight } from "./editor/highlight.js";
import type { Runner } from "./runner.js";
import type { Sample } from "./samples.js";

/** What all sessions share. */
export type Services = {
  readonly extensionUri: vscode.Uri;
  readonly runner: Runner;
  readonly log: vscode.LogOutputChannel;
  /** State of the workspace, kept over restarts. */
  readonly state: vscode.Memento;
  readonly highlight: Highlight;
  readonly gutter: Gutter;
  readonly diagnostics: Diagnostics;
  samples(): Promise<readonly Sample[]>;
  /** Changes the parameters that an explainer's next session begins with. */
  remember(explainer: string, update: (values: Values) => Values): void;
  /** The word vectors in use. Never fails: a file that is gone is a problem of the run that needs it. */
  wordVectors(): Promise<StoreSpec>;
  /** The language model in use. Never fails: a folder that is gone is a problem of the run that needs it. */
  model(): Promise<ModelSpec>;
  /** The reader's own server of completions, where one is set. */
  readonly server: CompletionServer;
  /** The text editor that had the keyboard last. */
  lastEditor(): vscode.TextEditor | undefined;
  /** Something that commands depend on has changed: a panel came, went, or was pinned. */
  changed(): void;
};
