import * as vscode from "vscode";
import { format } from "../../core/contract/index.js";
import { shapeHeadline } from "../../core/models/shape/index.js";
import type { FitArgument } from "../commands.js";
import type { ModelConfigs } from "./modelConfig.js";

/** "GPT-2 · 12 layers × 12 heads × 768 · 124,439,808 parameters · 249 MB in F16 · Show cost" above a model's config.json. */
export class ModelConfigLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly settings = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration("lumen.codeLens")) this.changed.fire();
  });

  constructor(private readonly configs: ModelConfigs) {}

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const { uri, languageId } = document;
    if (!vscode.workspace.getConfiguration("lumen.codeLens", { uri, languageId }).get("enabled", true)) return [];
    const config = this.configs.of(document);
    const headline = config && shapeHeadline(config.result);
    if (!headline) return [];
    const position = document.positionAt(config.file.block.start);
    const counted = config.result.kind === "shape";
    const size = format(headline, vscode.l10n.bundle);
    const title = counted ? vscode.l10n.t("{0} · Show cost", size) : size;
    const tooltip = vscode.l10n.t("Point at model_type for the parameters by part and the memory they take.");
    const argument: FitArgument = { uri: uri.toString(), params: { tab: "cost" } };
    // Without a command a lens is a line of text: what can't be counted has no cost.
    const command = counted ? { command: "lumen.showAttention", arguments: [argument] } : { command: "" };
    return [new vscode.CodeLens(new vscode.Range(position, position), { title, tooltip, ...command })];
  }

  dispose(): void {
    this.settings.dispose();
    this.changed.dispose();
  }
}
