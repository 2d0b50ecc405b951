import * as vscode from "vscode";
import { format, type Message } from "../../core/contract/index.js";
import { defaultText, effectiveStrategy, needText, parameterOf, placeAt, typeText } from "../../core/decoding/config/index.js";
import type { Block, Parameter } from "../../core/decoding/config/index.js";
import type { FitArgument } from "../commands.js";
import { rangeOf } from "./documents.js";
import type { GenerationBlocks } from "./generation.js";
import type { GenerationEffects } from "./generationEffect.js";
import { commandLink, escaped } from "./hoverMarkdown.js";

/** What a generation parameter does, what it may be, which strategy is in effect where it stands, and a picture of its effect. */
export class GenerationHovers implements vscode.HoverProvider {
  constructor(
    private readonly blocks: GenerationBlocks,
    private readonly effects: GenerationEffects,
  ) {}

  async provideHover(document: vscode.TextDocument, position: vscode.Position, token: vscode.CancellationToken): Promise<vscode.Hover | undefined> {
    const { uri, languageId } = document;
    if (!vscode.workspace.getConfiguration("lumen.decoding", { uri, languageId }).get("hover.enabled", true)) return undefined;
    const place = placeAt(document.getText(), this.blocks.of(document), document.offsetAt(position));
    if (!place?.entry) return undefined;
    const { block, entry } = place;
    const { name, span } = entry;
    const parameter = parameterOf(name);
    // In a call, other arguments are the model's inputs.
    if (!parameter && (block.call || name.startsWith("_"))) return undefined;
    const range = rangeOf(document, span);
    const text = new vscode.MarkdownString();
    if (!parameter) {
      text.appendMarkdown(escaped(vscode.l10n.t("transformers knows no {0}: generate() passes over it, unless the model's own code reads it.", name)));
      return new vscode.Hover(text, range);
    }
    const { first, last } = await this.effects.blocks(document, block, entry, token);
    const link = `[${escaped(vscode.l10n.t("Open in the decoding explorer"))}](${commandLink("lumen.exploreDecoding", exploring(document, block))})`;
    appendParameter(text, parameter, block.syntax);
    // What can be seen without scrolling is little: the picture comes before what the line above the block says too.
    for (const each of [...first, ...strategyText(block), ...last, link]) text.appendMarkdown(`\n\n${each}`);
    text.isTrusted = { enabledCommands: ["lumen.exploreDecoding"] };
    return new vscode.Hover(text, range);
  }
}

/** As the line above the block has it. */
function exploring({ uri }: vscode.TextDocument, { start }: Block): FitArgument {
  return { uri: uri.toString(), span: { start, end: start } };
}

function strategyText(block: Block): string[] {
  const strategy = effectiveStrategy(block);
  if (!strategy) return [];
  const [name, why] = [strategy.name, strategy.why].map((each) => format(each, vscode.l10n.bundle));
  return [escaped(vscode.l10n.t("In effect here: {0}. {1}", name, why))];
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
