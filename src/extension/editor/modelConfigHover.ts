import * as vscode from "vscode";
import { format, type Message } from "../../core/contract/index.js";
import { placeAt } from "../../core/decoding/config/index.js";
import { familyNames, keySentences, shapeHeadline, shapeTable, type ModelShape } from "../../core/models/shape/index.js";
import { rangeOf } from "./documents.js";
import { escaped, table } from "./hoverMarkdown.js";
import type { ModelConfigs } from "./modelConfig.js";

/** What a name in a model's config.json means and what it makes of the model; on model_type, all it has and takes. */
export class ModelConfigHovers implements vscode.HoverProvider {
  constructor(private readonly configs: ModelConfigs) {}

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const { uri, languageId } = document;
    if (!vscode.workspace.getConfiguration("lumen.models", { uri, languageId }).get("hover.enabled", true)) return undefined;
    const config = this.configs.of(document);
    if (!config) return undefined;
    const { file, result } = config;
    const blocks = file.rope ? [file.block, file.rope.block] : [file.block];
    const place = placeAt(document.getText(), blocks, document.offsetAt(position));
    if (!place?.entry) return undefined;
    const { name, span } = place.entry;
    const whole = place.block === file.block && (name === "model_type" || name === "architectures");
    const inRope = place.block !== file.block;
    const value = inRope ? valueIn(file.values[file.rope!.name], name) : file.values[name];
    if (result.kind === "unknown" && whole) {
      const sentence = vscode.l10n.t("Lumen can’t count the parameters of {0}. It knows the architectures of {1}.", result.modelType, familyNames);
      return new vscode.Hover(new vscode.MarkdownString(escaped(sentence)), rangeOf(document, span));
    }
    if (result.kind !== "shape") return undefined;
    const text = whole ? overview(result.shape) : keyText(name, keySentences(name, result.shape, value, file.values, inRope));
    return text === undefined ? undefined : new vscode.Hover(new vscode.MarkdownString(text), rangeOf(document, span));
  }
}

function valueIn(section: unknown, name: string): unknown {
  return typeof section === "object" && section !== null ? (section as Readonly<Record<string, unknown>>)[name] : undefined;
}

const say = (message: Message): string => escaped(format(message, vscode.l10n.bundle));

function keyText(name: string, sentences: readonly Message[] | undefined): string | undefined {
  return sentences && `**\`${name}\`** · ${sentences.map(say).join(" ")}`;
}

/** What a model has and takes, in one table, since VS Code shows 250 pixels of a hover before one has to scroll. */
function overview(shape: ModelShape): string {
  const { parameters, memory, notes } = shapeTable(shape);
  const headline = shapeHeadline({ kind: "shape", shape });
  const titles = [vscode.l10n.t("part"), vscode.l10n.t("parameters"), vscode.l10n.t("share"), vscode.l10n.t("memory"), vscode.l10n.t("size")].map(escaped);
  const rows = Array.from({ length: Math.max(parameters.length, memory.length) }, (_, i) => {
    const [part, count, share] = parameters[i] ?? [undefined, "", ""];
    const [what, size] = memory[i] ?? [undefined, ""];
    return [part ? say(part) : "", count, share, what ? say(what) : "", escaped(size)];
  });
  return [`**${headline ? say(headline) : ""}**`, table(titles.map(whole), "lrrlr", rows.map((cells) => cells.map(whole))), ...notes.map(say)].join("\n\n");
}

/** A cell in one line: neither its blanks nor the one that `table` sets before it may end a line. */
function whole(cell: string): string {
  return `&NoBreak;${cell.replaceAll(" ", "&nbsp;")}`;
}
