import * as vscode from "vscode";
import type { Span } from "../../core/contract/index.js";
import type { TextSpec } from "../followed.js";
import { unionOf, type Change } from "./ranges.js";

/** The document of a URI, if an editor or an extension holds it open. */
export function openDocument(uri: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => !document.isClosed && document.uri.toString() === uri);
}

export function visibleEditors(uri: string): vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter((editor) => editor.document.uri.toString() === uri);
}

/** Whether a tab of the window shows the document, visible or not. */
export function hasTab(uri: string): boolean {
  return columnOf(uri) !== undefined;
}

function columnOf(uri: string): vscode.ViewColumn | undefined {
  const shows = (tab: vscode.Tab) => tab.input instanceof vscode.TabInputText && tab.input.uri.toString() === uri;
  return vscode.window.tabGroups.all.find((group) => group.tabs.some(shows))?.viewColumn;
}

/** Shows a document where it is already, or in the first column. Throws when it can't be opened. */
export async function showDocument(uri: string, preserveFocus: boolean): Promise<vscode.TextEditor> {
  const document = openDocument(uri) ?? (await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true)));
  return vscode.window.showTextDocument(document, {
    viewColumn: columnOf(uri) ?? vscode.ViewColumn.One,
    preserveFocus,
    preview: false,
  });
}

export function rangeOf(document: vscode.TextDocument, { start, end }: Span): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

export function changesOf(event: vscode.TextDocumentChangeEvent): Change[] {
  return event.contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
    offset: rangeOffset,
    removed: rangeLength,
    inserted: text.length,
  }));
}

/** The last part of a URI's path, as tabs show it. */
export function nameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf("/") + 1) || uri.path;
}

/** The text source of a document, for its selected ranges or, without any, all of it. */
export function textSpec(document: vscode.TextDocument, ranges: readonly Span[]): TextSpec {
  const { uri, languageId } = document;
  return { kind: "text", uri: uri.toString(), name: nameOf(uri), languageId, text: document.getText(), ranges };
}

/** The selections of an editor that hold text, as offsets, in order and disjoint. */
export function selectedSpans({ document, selections }: vscode.TextEditor): Span[] {
  return unionOf(
    selections.map(({ start, end }) => ({ start: document.offsetAt(start), end: document.offsetAt(end) })),
  );
}
