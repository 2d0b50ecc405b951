import * as vscode from "vscode";
import { readBlocks, type Block } from "../../core/decoding/config/index.js";
import { nameOf } from "./documents.js";
import { GenerationCompletions } from "./generationCompletion.js";
import { generationDiagnostics } from "./generationDiagnostics.js";
import { GenerationEffects, type EffectContext } from "./generationEffect.js";
import { GenerationHovers } from "./generationHover.js";
import { GenerationLenses } from "./generationLens.js";

/** Languages in whose documents generation parameters are looked for. */
export const generationLanguages = ["json", "jsonc", "python"];

/** The generation parameters of documents, read once for each of their versions. */
export class GenerationBlocks {
  private readonly read = new WeakMap<vscode.TextDocument, { readonly version: number; readonly blocks: readonly Block[] }>();

  of(document: vscode.TextDocument): readonly Block[] {
    const { version, languageId, uri } = document;
    if (!generationLanguages.includes(languageId)) return [];
    const before = this.read.get(document);
    if (before?.version === version) return before.blocks;
    const blocks = readBlocks(document.getText(), languageId, nameOf(uri));
    this.read.set(document, { version, blocks });
    return blocks;
  }
}

/** What lives in the text of generation_config.json and of `generate()` calls. Only the pictures of hovers need the worker. */
export function registerGeneration(context: EffectContext): vscode.Disposable {
  const blocks = new GenerationBlocks();
  const selector = generationLanguages.map((language) => ({ language }));
  const diagnostics = generationDiagnostics(blocks);
  const lenses = new GenerationLenses(blocks);
  return vscode.Disposable.from(
    diagnostics,
    lenses,
    vscode.languages.registerCodeActionsProvider(selector, diagnostics, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
    vscode.languages.registerCodeLensProvider(selector, lenses),
    vscode.languages.registerHoverProvider(selector, new GenerationHovers(blocks, new GenerationEffects(context))),
    vscode.languages.registerCompletionItemProvider(selector, new GenerationCompletions(blocks), '"', ",", "(", "=", ":", " "),
  );
}
