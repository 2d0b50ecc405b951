import * as vscode from "vscode";
import { format } from "../../core/contract/index.js";
import { effectiveStrategy, headline, parameterOf } from "../../core/decoding/config/index.js";
import type { FitArgument } from "../commands.js";
import type { GenerationBlocks } from "./generation.js";

/** "Multinomial sampling · temperature 0.7 · top_k 50 (default)" above generation parameters; a click explores what they do. */
export class GenerationLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly settings = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration("lumen.codeLens")) this.changed.fire();
  });

  constructor(private readonly blocks: GenerationBlocks) {}

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const { uri, languageId } = document;
    if (!vscode.workspace.getConfiguration("lumen.codeLens", { uri, languageId }).get("enabled", true)) return [];
    const { bundle } = vscode.l10n;
    return this.blocks.of(document).flatMap((block) => {
      const strategy = block.entries.some(({ name }) => parameterOf(name)) ? effectiveStrategy(block) : undefined;
      if (!strategy) return [];
      const position = document.positionAt(block.start);
      const title = format(headline(block, strategy), bundle);
      const argument: FitArgument = { uri: uri.toString(), span: { start: block.start, end: block.start } };
      const tooltip = format(strategy.why, bundle);
      return [new vscode.CodeLens(new vscode.Range(position, position), { title, tooltip, command: "lumen.exploreDecoding", arguments: [argument] })];
    });
  }

  dispose(): void {
    this.settings.dispose();
    this.changed.dispose();
  }
}
