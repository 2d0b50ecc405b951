import * as vscode from "vscode";
import { format, type Message } from "../../core/contract/index.js";
import { defaultText, effectiveStrategy, needText, parameterOf, placeAt, typeText } from "../../core/decoding/config/index.js";
import type { Block, Parameter } from "../../core/decoding/config/index.js";
import { rangeOf } from "./documents.js";
import type { GenerationBlocks } from "./generation.js";
import { escaped } from "./hoverMarkdown.js";

/** What a generation parameter does, what it may be, and which strategy is in effect where it stands. */
export class GenerationHovers implements vscode.HoverProvider {
  constructor(private readonly blocks: GenerationBlocks) {}

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const { uri, languageId } = document;
    if (!vscode.workspace.getConfiguration("lumen.decoding", { uri, languageId }).get("hover.enabled", true)) return undefined;
    const entry = placeAt(document.getText(), this.blocks.of(document), document.offsetAt(position));
    if (!entry?.entry) return undefined;
    const { name, span } = entry.entry;
    const parameter = parameterOf(name);
    // In a call, other arguments are the model's inputs.
    if (!parameter && (entry.block.call || name.startsWith("_"))) return undefined;
    const text = new vscode.MarkdownString();
    if (parameter) describe(text, parameter, entry.block);
    else text.appendMarkdown(escaped(vscode.l10n.t("transformers knows no {0}: generate() passes over it, unless the model's own code reads it.", name)));
    return new vscode.Hover(text, rangeOf(document, span));
  }
}

function describe(text: vscode.MarkdownString, parameter: Parameter, block: Block): void {
  const { bundle } = vscode.l10n;
  appendParameter(text, parameter, block.syntax);
  const strategy = effectiveStrategy(block);
  if (!strategy) return;
  const [name, why] = [strategy.name, strategy.why].map((each) => format(each, bundle));
  text.appendMarkdown(`\n\n${escaped(vscode.l10n.t("In effect here: {0}. {1}", name, why))}`);
}

/** Name, type, range and default in one line, then the help. */
export function appendParameter(text: vscode.MarkdownString, parameter: Parameter, syntax: Block["syntax"]): void {
  const { bundle } = vscode.l10n;
  const say = (message: Message) => escaped(format(message, bundle));
  const need = needText(parameter);
  const help = [parameter.help, ...(need ? [need] : [])].map(say).join(" ");
  // Not appendText: it makes blanks that do not break, and so lines that do not end.
  text.appendMarkdown(`**\`${parameter.name}\`** · ${say(typeText(parameter))} · ${say(defaultText(parameter, syntax))}\n\n${help}`);
}
