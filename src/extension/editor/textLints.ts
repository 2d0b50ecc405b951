import * as vscode from "vscode";
import { format, type Message, type Problem, type Span } from "../../core/contract/index.js";
import { changesOf, rangeOf } from "./documents.js";
import { shiftSpan } from "./ranges.js";

/** Milliseconds after the last key press. */
const PATIENCE = 250;

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
} as const;

/** A problem whose remedies change the text; the first is the one most wanted. */
export type TextProblem = Problem & {
  readonly code: string;
  readonly edits: readonly { readonly label: Message; readonly edits: readonly { readonly span: Span; readonly text: string }[] }[];
};

/** A part of a document that is looked at; while it is being typed, it is not complete. */
export type TextPart = { readonly complete: boolean; readonly span: Span; lint(): readonly TextProblem[] };

/** What is looked for, and where. */
export type TextLinter = {
  /** Of the collection of diagnostics. */
  readonly name: string;
  readonly languages: readonly string[];
  /** The settings section whose changes matter. */
  readonly section: string;
  isWanted(document: vscode.TextDocument): boolean;
  partsOf(document: vscode.TextDocument): readonly TextPart[];
};

type Shown = { problems: readonly TextProblem[]; timer?: ReturnType<typeof setTimeout> };

/**
 * Problems of what stands in texts, with edits as quick fixes. While a part is being typed, the problems it had stay where
 * their text is now.
 */
export class TextLints implements vscode.Disposable, vscode.CodeActionProvider {
  private readonly collection: vscode.DiagnosticCollection;
  private readonly shown = new Map<string, Shown>();
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly linter: TextLinter) {
    const { workspace } = vscode;
    this.collection = vscode.languages.createDiagnosticCollection(linter.name);
    this.subscriptions = vscode.Disposable.from(
      workspace.onDidOpenTextDocument((document) => this.look(document)),
      workspace.onDidChangeTextDocument((event) => this.changed(event)),
      workspace.onDidCloseTextDocument((document) => this.forget(document.uri.toString())),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(linter.section)) workspace.textDocuments.forEach((each) => this.look(each));
      }),
    );
    workspace.textDocuments.forEach((each) => this.look(each));
  }

  private changed(event: vscode.TextDocumentChangeEvent): void {
    const { document } = event;
    if (!this.isLooked(document) || event.contentChanges.length === 0) return;
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
    if (document.isClosed || !this.isLooked(document)) return;
    const key = document.uri.toString();
    const before = this.shown.get(key);
    clearTimeout(before?.timer);
    if (!this.linter.isWanted(document)) return this.forget(key);
    const problems = this.linter.partsOf(document).flatMap((part) => {
      if (part.complete) return part.lint();
      const within = ({ span }: TextProblem) => span && span.end > span.start && span.start >= part.span.start && span.end <= part.span.end;
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
    if (!this.isLooked(document) || !this.linter.isWanted(document)) return [];
    // Of the text of now, so that no fix is of an older one.
    const here = this.linter.partsOf(document).flatMap((part) => (part.complete ? part.lint() : []));
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

  /** Documents of a person, rather than the older version beside a change. */
  private isLooked({ languageId, uri }: vscode.TextDocument): boolean {
    return this.linter.languages.includes(languageId) && uri.scheme !== "git";
  }
}

function diagnosticOf(document: vscode.TextDocument, { span = { start: 0, end: 0 }, message, severity, code }: TextProblem): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(rangeOf(document, span), format(message, vscode.l10n.bundle), severities[severity]);
  diagnostic.source = "Lumen";
  diagnostic.code = code;
  // Faded, as editors show what does nothing.
  if (severity === "warning" && code.startsWith("needs-")) diagnostic.tags = [vscode.DiagnosticTag.Unnecessary];
  return diagnostic;
}
