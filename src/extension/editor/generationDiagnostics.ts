import * as vscode from "vscode";
import { lint } from "../../core/decoding/config/index.js";
import { generationLanguages, type GenerationBlocks } from "./generation.js";
import { TextLints } from "./textLints.js";

/** Whether problems of generation parameters are underlined in a document. */
export function lintsWanted({ uri, languageId }: vscode.TextDocument): boolean {
  return vscode.workspace.getConfiguration("lumen.decoding", { uri, languageId }).get("lints.enabled", true);
}

/** Problems of generation parameters, with edits as quick fixes. */
export function generationDiagnostics(blocks: GenerationBlocks): TextLints {
  return new TextLints({
    name: "lumen.decoding",
    languages: generationLanguages,
    section: "lumen.decoding",
    isWanted: lintsWanted,
    partsOf: (document) =>
      blocks.of(document).map((block) => ({
        complete: block.complete,
        span: { start: block.start, end: block.inside.end },
        lint: () => lint(document.getText(), block),
      })),
  });
}
