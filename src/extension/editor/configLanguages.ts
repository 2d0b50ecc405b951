import * as vscode from "vscode";
import type { Block } from "../../core/decoding/config/index.js";
import type { ModelFile } from "../../core/models/shape/index.js";
import type * as Languages from "./languages.js";

/** Languages in which configurations are written. */
const configLanguages = ["json", "jsonc", "python"];

/** The bundle beside this one. It is read at once, so that what a document needs is there before VS Code asks for it. */
export function languages(): typeof Languages {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a bundle of its own, which an import would pull into this one
  return require("./languages.js") as typeof Languages;
}

/** The generation parameters in a text; none in other languages, for which nothing is read. */
export function blocksIn(text: string, languageId: string, name: string): readonly Block[] {
  return configLanguages.includes(languageId) ? languages().readBlocks(text, languageId, name) : [];
}

/** A model's configuration, where a text is one. */
export function modelFileIn(text: string, languageId: string, name: string): ModelFile | undefined {
  return configLanguages.includes(languageId) ? languages().readModelFile(text, languageId, name) : undefined;
}

/** Registers something as soon as a document in one of the languages is open. */
export function whenOpened(register: (loaded: typeof Languages) => vscode.Disposable): vscode.Disposable {
  let registered: vscode.Disposable | undefined;
  const look = ({ languageId }: vscode.TextDocument) => {
    if (!registered && configLanguages.includes(languageId)) registered = register(languages());
  };
  const opening = vscode.workspace.onDidOpenTextDocument(look);
  vscode.workspace.textDocuments.forEach(look);
  return {
    dispose() {
      opening.dispose();
      registered?.dispose();
    },
  };
}
