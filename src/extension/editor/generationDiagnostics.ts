import * as vscode from "vscode";
import { lint } from "../../core/decoding/config/index.js";
import { generationLanguages, type GenerationBlocks } from "./generation.js";
import { TextLints } from "./textLints.js";

/** Problems of generation parameters, with edits as quick fixes. */
export function generationDiagnostics(blocks: GenerationBlocks): TextLints {
  return new TextLints({
    name: "lumen.decoding",
    languages: generationLanguages,
    section: "lumen.decoding",
    isWanted: ({ uri, languageId }) => vscode.workspace.getConfiguration("lumen.decoding", { uri, languageId }).get("lints.enabled", true),
    partsOf: (document) =>
      blocks.of(document).map((block) => ({
        complete: block.complete,
        span: { start: block.start, end: block.inside.end },
        lint: () => lint(document.getText(), block),
      })),
  });
}
