import assert from "node:assert/strict";
import * as vscode from "vscode";
import { fileOf, show, until } from "./lumen.js";

/** Writes a file into the opened workspace and shows it. */
export async function written(name: string, text: string): Promise<vscode.TextEditor> {
  const uri = fileOf(name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return show(uri);
}

/** The problems that Lumen shows in a document now. */
export const ours = ({ uri }: vscode.TextDocument): vscode.Diagnostic[] => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "Lumen");

/** Waits until Lumen shows so many problems, and gives them in the order of the text. */
export async function diagnosticsOf(document: vscode.TextDocument, count: number): Promise<vscode.Diagnostic[]> {
  const found = await until(`${count} problems of ${document.uri.path}`, () => ours(document).length === count && ours(document));
  return found.sort((a, b) => a.range.start.compareTo(b.range.start));
}

/** A place in the first occurrence of a text: behind it if it begins with a quote, else after its first character. */
export function positionOf(document: vscode.TextDocument, text: string): vscode.Position {
  const at = document.getText().indexOf(text);
  assert.ok(at >= 0, `no ${text} in the document`);
  return document.positionAt(at + (text.startsWith('"') ? text.length : 1));
}

/** Lumen's quick fixes at a text. */
export async function fixesAt(document: vscode.TextDocument, text: string): Promise<vscode.CodeAction[]> {
  const position = positionOf(document, text);
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>("vscode.executeCodeActionProvider", document.uri, new vscode.Range(position, position), vscode.CodeActionKind.QuickFix.value);
  return actions.filter(({ edit, title }) => edit !== undefined && /^(Set|Remove|Change)/.test(title));
}

/** What the hovers at a text say, without the backslashes of Markdown. */
export async function hoversOn(document: vscode.TextDocument, text: string): Promise<string[]> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", document.uri, positionOf(document, text));
  return hovers.flatMap(({ contents }) => contents.map((each) => (each as vscode.MarkdownString).value.replace(/\\(.)/g, "$1")));
}

/** The lenses of a document, in the order of the text. */
export async function commandsOfLenses({ uri }: vscode.TextDocument): Promise<vscode.Command[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri);
  return lenses.sort((a, b) => a.range.start.compareTo(b.range.start)).flatMap(({ command }) => command ?? []);
}
