import * as vscode from "vscode";
import { format, type Fix, type Problem, type Span } from "../../core/contract/index.js";
import type { FitArgument } from "../commands.js";
import { openDocument, rangeOf } from "./documents.js";

type Owned = { readonly uri: string; readonly diagnostics: readonly vscode.Diagnostic[] };

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
} as const;

/** Shows what is wrong with a source where it is wrong, with the remedies as quick fixes. */
export class Diagnostics implements vscode.Disposable, vscode.CodeActionProvider {
  private readonly collection = vscode.languages.createDiagnosticCollection("lumen");
  private readonly owned = new Map<object, Owned>();
  private readonly remedies = new WeakMap<
    vscode.Diagnostic,
    { readonly owner: object; readonly fixes: readonly Fix[] }
  >();

  /** Shows an owner's problems that have a place, in place of those it showed before. `place` translates a span to the text of now. */
  show(owner: object, uri: string, problems: readonly Problem[], place: (span: Span) => Span | undefined): void {
    const document = openDocument(uri);
    const diagnostics: vscode.Diagnostic[] = [];
    for (const problem of document ? problems : []) {
      const span = problem.span && place(problem.span);
      if (!document || !span) continue;
      const diagnostic = new vscode.Diagnostic(
        rangeOf(document, span),
        format(problem.message, vscode.l10n.bundle),
        severities[problem.severity],
      );
      diagnostic.source = "Lumen";
      if (problem.fixes) this.remedies.set(diagnostic, { owner, fixes: problem.fixes });
      diagnostics.push(diagnostic);
    }
    this.put(owner, { uri, diagnostics });
  }

  clear(owner: object): void {
    this.put(owner, undefined);
  }

  private put(owner: object, owned: Owned | undefined): void {
    const before = this.owned.get(owner);
    if (owned && owned.diagnostics.length > 0) this.owned.set(owner, owned);
    else this.owned.delete(owner);
    for (const uri of new Set([before?.uri, owned?.uri])) {
      if (uri === undefined) continue;
      const all = [...this.owned.values()].filter((each) => each.uri === uri).flatMap((each) => each.diagnostics);
      this.collection.set(vscode.Uri.parse(uri, true), all);
    }
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const uri = document.uri.toString();
    const here = [...this.owned.values()].filter((each) => each.uri === uri).flatMap((each) => each.diagnostics);
    return here
      .filter((diagnostic) => diagnostic.range.intersection(range))
      .flatMap((diagnostic) => {
        const { owner, fixes } = this.remedies.get(diagnostic) ?? { owner: this, fixes: [] };
        return fixes.filter((fix) => !fix.choose).map((fix) => {
          const action = new vscode.CodeAction(format(fix.label, vscode.l10n.bundle), vscode.CodeActionKind.QuickFix);
          action.diagnostics = [diagnostic];
          const argument: FitArgument = { uri, owner, params: fix.params };
          action.command = { command: "lumen.fitGmm", title: action.title, arguments: [argument] };
          return action;
        });
      });
  }

  dispose(): void {
    this.collection.dispose();
    this.owned.clear();
  }
}
