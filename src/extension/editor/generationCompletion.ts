import * as vscode from "vscode";
import { format } from "../../core/contract/index.js";
import { defaultText, firstValue, namesFor, parameterOf, placeAt, valuesFor, type Block, type Parameter, type Place } from "../../core/decoding/config/index.js";
import { rangeOf } from "./documents.js";
import type { GenerationBlocks } from "./generation.js";
import { appendParameter } from "./generationHover.js";

/** Names of generation parameters with a first value, and the values of one, where they can stand. */
export class GenerationCompletions implements vscode.CompletionItemProvider {
  constructor(private readonly blocks: GenerationBlocks) {}

  provideCompletionItems(document: vscode.TextDocument, position: vscode.Position): vscode.CompletionItem[] {
    const text = document.getText();
    const place = placeAt(text, this.blocks.of(document), document.offsetAt(position));
    if (!place) return [];
    const range = rangeOf(document, place.span);
    if (!range.isSingleLine) return [];
    return place.kind === "name" ? names(text, place, range) : values(text, place, range);
  }
}

function names(text: string, { block, entry, span }: Extract<Place, { kind: "name" }>, range: vscode.Range): vscode.CompletionItem[] {
  const { bundle } = vscode.l10n;
  const comma = entry ? "" : commaAfter(text, span.end, block.syntax);
  const quoted = text[span.start] === '"';
  return namesFor(block, entry).map((parameter, i) => {
    const { name } = parameter;
    const label = { label: name, description: format(defaultText(parameter, block.syntax), bundle) };
    const item = new vscode.CompletionItem(label, vscode.CompletionItemKind.Property);
    const key = block.syntax === "json" ? `"${name}"` : name;
    item.insertText = entry ? key : new vscode.SnippetString(pair(key, parameter, block.syntax) + comma);
    item.filterText = quoted ? `"${name}"` : name;
    item.sortText = String(i).padStart(3, "0");
    item.range = range;
    item.documentation = new vscode.MarkdownString();
    appendParameter(item.documentation, parameter, block.syntax);
    return item;
  });
}

function pair(key: string, parameter: Parameter, syntax: Block["syntax"]): string {
  const value = firstValue(parameter, syntax).replace(/[\\$}]/g, "\\$&");
  return `${key}${syntax === "json" ? ": " : "="}\${1:${value}}`;
}

/** The comma that is needed when another name follows. */
function commaAfter(text: string, end: number, syntax: Block["syntax"]): string {
  const next = /^\s*(\S)/.exec(text.slice(end, end + 2000))?.[1] ?? "";
  return (syntax === "json" ? next === '"' : /[\p{L}_*]/u.test(next)) ? "," : "";
}

function values(text: string, { block, entry, span }: Extract<Place, { kind: "value" }>, range: vscode.Range): vscode.CompletionItem[] {
  const parameter = parameterOf(entry.name);
  if (!parameter || /^[[{(]/.test(text.slice(span.start, span.end))) return [];
  const space = block.syntax === "json" && text[span.start - 1] === ":" ? " " : "";
  return valuesFor(entry.name, block.syntax).map((value, i) => {
    const item = new vscode.CompletionItem(value, vscode.CompletionItemKind.Value);
    item.insertText = space + value;
    item.filterText = value;
    item.sortText = String(i).padStart(3, "0");
    item.range = range;
    item.documentation = new vscode.MarkdownString();
    appendParameter(item.documentation, parameter, block.syntax);
    return item;
  });
}
