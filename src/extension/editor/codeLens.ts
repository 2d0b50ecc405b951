import * as vscode from "vscode";
import { numericLiterals } from "../../core/formats/numericLiterals.js";
import { namedArraysAt, proseSpan } from "../attention/attentionInText.js";
import type { FitArgument } from "../commands.js";
import { subjects, type Found } from "../subjects.js";
import { firstWordLine, vectorCount, wordListCount } from "./comparable.js";
import { blocksIn, modelFileIn } from "./configLanguages.js";
import { nameOf, rangeOf } from "./documents.js";

/** Languages whose documents are looked through; each is also an activation event in the manifest. */
export const lensLanguages = ["csv", "tsv", "plaintext", "json", "jsonc", "jsonl", "python", "markdown"];

/**
 * "Fit GMM · 100 numbers" and "Compare 3 vectors" above lists and tables of numbers, "Compare 24 words" above a list of words,
 * "Show Attention" and "Explore Decoding" above a short text, "Show Attention" above arrays of attention.
 */
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
    const text = document.getText();
    // The numbers of a generation_config.json or of a model's config.json are settings rather than data.
    const model = modelFileIn(text, languageId, nameOf(uri));
    const settled = [...blocksIn(text, languageId, nameOf(uri)), ...(model ? [model.block] : [])].map(({ inside }) => inside.start - 1);
    const literals = numericLiterals(text, languageId, minimum).filter(({ span }) => !settled.includes(span.start));
    const place = { uri: uri.toString() };
    if (literals.length === 0 && languageId === "plaintext") {
      const count = wordListCount(text);
      const top = new vscode.Position(firstWordLine(text), 0);
      if (count > 0) return lensesOf({ kind: "words", count }, place, top);
      const span = uri.path.endsWith(".txt") ? proseSpan(text) : undefined;
      return span ? lensesOf({ kind: "prose" }, { ...place, span }, top) : [];
    }
    const arrays = namedArraysAt(text);
    const attention = literals.length === 0 || arrays === undefined ? [] : lensesOf({ kind: "attention" }, place, document.lineAt(document.positionAt(arrays)).range.start);
    return attention.concat(literals.flatMap((literal) => {
      const { span, count } = literal;
      const found: Found = { kind: "numbers", count, vectors: vectorCount(text, literal) };
      return lensesOf(found, { ...place, span }, rangeOf(document, span).start);
    }));
  }

  dispose(): void {
    this.settings.dispose();
    this.changed.dispose();
  }
}

function lensesOf(found: Found, place: FitArgument, position: vscode.Position): vscode.CodeLens[] {
  const range = new vscode.Range(position, position);
  return subjects.flatMap(({ command, lenses }) =>
    lenses(found).map(({ title, params }) => {
      const argument: FitArgument = params ? { ...place, params } : place;
      return new vscode.CodeLens(range, { command, title, arguments: [argument] });
    }),
  );
}
