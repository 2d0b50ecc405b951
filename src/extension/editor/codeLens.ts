import * as vscode from "vscode";
import { numericLiterals } from "../../core/formats/numericLiterals.js";
import type { FitArgument } from "../commands.js";
import { subjects } from "../subjects.js";
import { rangeOf } from "./documents.js";

/** Languages whose documents are looked through; each is also an activation event in the manifest. */
export const lensLanguages = ["csv", "tsv", "plaintext", "json", "jsonc", "jsonl", "python", "markdown"];

/** "Fit GMM · 100 numbers" above every list or table of numbers in the text. */
export class CodeLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly settings = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration("lumen.codeLens")) this.changed.fire();
  });

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const { uri, languageId } = document;
    const settings = vscode.workspace.getConfiguration("lumen.codeLens", { uri, languageId });
    if (!settings.get("enabled", true)) return [];
    const minimum = settings.get("minimumNumbers", 8);
    const found = numericLiterals(document.getText(), languageId, minimum);
    return found.flatMap(({ span, count }) => {
      const range = rangeOf(document, span);
      return subjects.map(({ command, lens }) => {
        const argument: FitArgument = { uri: uri.toString(), span };
        return new vscode.CodeLens(new vscode.Range(range.start, range.start), {
          command,
          title: lens(count),
          arguments: [argument],
        });
      });
    });
  }

  dispose(): void {
    this.settings.dispose();
    this.changed.dispose();
  }
}
