import * as vscode from "vscode";
import { lintModel, modelShape, readModelFile, type ModelFile, type ShapeResult } from "../../core/models/shape/index.js";
import { nameOf } from "./documents.js";
import { ModelConfigHovers } from "./modelConfigHover.js";
import { ModelConfigLenses } from "./modelConfigLens.js";
import { TextLints } from "./textLints.js";

/** Languages in whose documents a model's configuration is looked for. */
const languages = ["json", "jsonc"];

/** A model's configuration as it stands in a document, and the shape it has or had when it could last be read. */
export type ReadConfig = { readonly file: ModelFile; readonly result: ShapeResult };

/** The models' configurations of documents, read once for each of their versions. */
export class ModelConfigs {
  private readonly read = new WeakMap<vscode.TextDocument, { readonly version: number; readonly config: ReadConfig | undefined }>();

  of(document: vscode.TextDocument): ReadConfig | undefined {
    const { version, languageId, uri } = document;
    if (!languages.includes(languageId)) return undefined;
    const before = this.read.get(document);
    if (before?.version === version) return before.config;
    const file = readModelFile(document.getText(), languageId, nameOf(uri));
    const config = file && this.shaped(file, before?.config);
    this.read.set(document, { version, config });
    return config;
  }

  private shaped(file: ModelFile, before: ReadConfig | undefined): ReadConfig | undefined {
    if (!file.block.complete && before) return { file, result: before.result };
    const result = modelShape(file.values);
    return result.kind === "none" ? undefined : { file, result };
  }
}

/** What lives in the text of a model's config.json. Nothing here needs the worker. */
export function registerModelConfig(): vscode.Disposable {
  const configs = new ModelConfigs();
  const selector = languages.map((language) => ({ language }));
  const lints = new TextLints({
    name: "lumen.models",
    languages,
    section: "lumen.models",
    isWanted: ({ uri, languageId }) => vscode.workspace.getConfiguration("lumen.models", { uri, languageId }).get("lints.enabled", true),
    partsOf: (document) => {
      const file = configs.of(document)?.file;
      if (!file) return [];
      const { complete, start, inside } = file.block;
      return [{ complete, span: { start, end: inside.end }, lint: () => lintModel(document.getText(), file) }];
    },
  });
  const lenses = new ModelConfigLenses(configs);
  return vscode.Disposable.from(
    lints,
    lenses,
    vscode.languages.registerCodeActionsProvider(selector, lints, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
    vscode.languages.registerCodeLensProvider(selector, lenses),
    vscode.languages.registerHoverProvider(selector, new ModelConfigHovers(configs)),
  );
}
