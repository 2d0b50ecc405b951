import * as vscode from "vscode";
import { format } from "../../core/contract/index.js";
import { lint, type ConfigProblem } from "../../core/decoding/config/index.js";
import { changesOf, rangeOf } from "./documents.js";
import { generationLanguages, type GenerationBlocks } from "./generation.js";
import { shiftSpan } from "./ranges.js";

/** Milliseconds after the last key press. */
const PATIENCE = 250;

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
} as const;

type Shown = { problems: readonly ConfigProblem[]; timer?: ReturnType<typeof setTimeout> };

/**
 * Problems of generation parameters, with edits as quick fixes. While a block is being typed, the problems it had stay
 * where their text is now.
 */
export class GenerationDiagnostics implements vscode.Disposable, vscode.CodeActionProvider {
  private readonly collection = vscode.languages.createDiagnosticCollection("lumen.decoding");
  private readonly shown = new Map<string, Shown>();
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly blocks: GenerationBlocks) {
    const { workspace } = vscode;
    this.subscriptions = vscode.Disposable.from(
      workspace.onDidOpenTextDocument((document) => this.look(document)),
      workspace.onDidChangeTextDocument((event) => this.changed(event)),
      workspace.onDidCloseTextDocument((document) => this.forget(document.uri.toString())),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("lumen.decoding")) workspace.textDocuments.forEach((each) => this.look(each));
      }),
    );
    workspace.textDocuments.forEach((each) => this.look(each));
  }

  private changed(event: vscode.TextDocumentChangeEvent): void {
    const { document } = event;
    if (!isLooked(document) || event.contentChanges.length === 0) return;
    const key = document.uri.toString();
    const shown = this.shown.get(key) ?? { problems: [] };
    this.shown.set(key, shown);
    for (const change of changesOf(event)) {
      shown.problems = shown.problems.map((each) => (each.span ? { ...each, span: shiftSpan(each.span, change) } : each));
    }
    clearTimeout(shown.timer);
    shown.timer = setTimeout(() => this.look(document), PATIENCE);
  }

  private look(document: vscode.TextDocument): void {
    if (document.isClosed || !isLooked(document)) return;
    const key = document.uri.toString();
    const before = this.shown.get(key);
    clearTimeout(before?.timer);
    if (!isWanted(document)) return this.forget(key);
    const text = document.getText();
    const problems = this.blocks.of(document).flatMap((block) => {
      if (block.complete) return lint(text, block);
      const within = ({ span }: ConfigProblem) => span && span.end > span.start && span.start >= block.start && span.end <= block.inside.end;
      return before?.problems.filter(within) ?? [];
    });
    if (problems.length === 0) return this.forget(key);
    this.shown.set(key, { problems });
    this.collection.set(document.uri, problems.map((each) => diagnosticOf(document, each)));
  }

  private forget(key: string): void {
    clearTimeout(this.shown.get(key)?.timer);
    this.shown.delete(key);
    this.collection.delete(vscode.Uri.parse(key, true));
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range, context: vscode.CodeActionContext): vscode.CodeAction[] {
    if (!isLooked(document) || !isWanted(document)) return [];
    const text = document.getText();
    // Of the text of now, so that no fix is of an older one.
    const here = this.blocks.of(document).flatMap((block) => lint(text, block));
    return here.flatMap((problem) => {
      if (!problem.span || !rangeOf(document, problem.span).intersection(range)) return [];
      const message = format(problem.message, vscode.l10n.bundle);
      const diagnostics = context.diagnostics.filter((each) => each.source === "Lumen" && each.message === message);
      return problem.edits.map(({ label, edits }, i) => {
        const action = new vscode.CodeAction(format(label, vscode.l10n.bundle), vscode.CodeActionKind.QuickFix);
        action.diagnostics = diagnostics;
        action.isPreferred = i === 0;
        action.edit = new vscode.WorkspaceEdit();
        for (const { span, text: replacement } of edits) action.edit.replace(document.uri, rangeOf(document, span), replacement);
        return action;
      });
    });
  }

  dispose(): void {
    for (const { timer } of this.shown.values()) clearTimeout(timer);
    this.shown.clear();
    this.subscriptions.dispose();
    this.collection.dispose();
  }
}

/** Documents of a person, rather than the older version beside a change. */
function isLooked({ languageId, uri }: vscode.TextDocument): boolean {
  return generationLanguages.includes(languageId) && uri.scheme !== "git";
}

function isWanted({ uri, languageId }: vscode.TextDocument): boolean {
  return vscode.workspace.getConfiguration("lumen.decoding", { uri, languageId }).get("lints.enabled", true);
}

function diagnosticOf(document: vscode.TextDocument, { span = { start: 0, end: 0 }, message, severity, code }: ConfigProblem): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(rangeOf(document, span), format(message, vscode.l10n.bundle), severities[severity]);
  diagnostic.source = "Lumen";
  diagnostic.code = code;
  // Faded, as editors show what does nothing.
  if (severity === "warning" && code.startsWith("needs-")) diagnostic.tags = [vscode.DiagnosticTag.Unnecessary];
  return diagnostic;
}
