import * as vscode from "vscode";
import { registerCommands } from "./commands.js";
import { CompletionServer } from "./decoding/completionServer.js";
import { DecodingView } from "./decoding/decodingView.js";
import { LanguageModels } from "./decoding/languageModels.js";
import { ModelFolders } from "./decoding/modelFolders.js";
import { shownDecoding } from "./decoding/shownDecoding.js";
import { CodeLenses, lensLanguages } from "./editor/codeLens.js";
import { whenOpened } from "./editor/configLanguages.js";
import { Diagnostics } from "./editor/diagnostics.js";
import { Gutter } from "./editor/gutter.js";
import { Highlight } from "./editor/highlight.js";
import { VectorHovers } from "./editor/vectorHover.js";
import { parameterStore } from "./parameterStore.js";
import { createRunner } from "./runner.js";
import { createSamples } from "./samples.js";
import type { Services } from "./services.js";
import { Sessions } from "./sessions.js";
import { Gallery, Welcome } from "./sidebar.js";
import { SideBarMode } from "./sideBarMode.js";
import { kernelAdviser, showDiagnostics } from "./status.js";
import { TensorEditors } from "./tensors/tensorEditors.js";
import { createTestApi, type TestApi } from "./testApi.js";
import { Pins } from "./vectors/pins.js";
import { Questions } from "./vectors/questions.js";
import { WordVectors } from "./vectors/wordVectors.js";
import { systemClock, threadSpawner } from "./workerPort.js";

/** Wires the parts together. Returns something only to Lumen's own tests. */
export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  const begun = performance.now();
  const { extensionUri, subscriptions } = context;
  const log = vscode.window.createOutputChannel("Lumen", { log: true });
  const worker = vscode.Uri.joinPath(extensionUri, "dist", "worker.js").fsPath;
  const start = () => ({
    kernels: String(vscode.workspace.getConfiguration("lumen").get<unknown>("kernels", "auto")),
    compiled: vscode.Uri.joinPath(context.globalStorageUri, "compiled").fsPath,
  });
  const runner = createRunner(threadSpawner(worker, start), systemClock, (line) => log.info(line), kernelAdviser(log));
  const samples = createSamples(extensionUri, context.globalStorageUri, log);
  const parameters = parameterStore(context.workspaceState);
  let active = vscode.window.activeTextEditor;
  const lastEditor = () => (active?.document.isClosed ? undefined : active);

  const services: Services = {
    extensionUri,
    runner,
    log,
    state: context.workspaceState,
    highlight: new Highlight(),
    gutter: new Gutter(),
    diagnostics: new Diagnostics(),
    samples: samples.all,
    remember: parameters.update,
    lastEditor,
    changed: () => sessions.changed(),
    wordVectors: () => words.attached(),
    model: () => models.spec(),
    server: new CompletionServer(),
  };
  const sessions = new Sessions(services, parameters.get);
  const tensors = new TensorEditors({ extensionUri, runner, log, state: context.workspaceState, idle: () => !sessions.inUse() && runner.end() });
  const lenses = new CodeLenses();
  const questions = new Questions(runner, () => sessions.inUse() || tensors.open);
  const models = new LanguageModels(extensionUri, context.workspaceState, runner);
  const folders = new ModelFolders();
  const sideBar = new SideBarMode(context.workspaceState);
  const decoding = new DecodingView({ sessions, remembered: parameters.get, lastEditor, show: () => sideBar.showDecoding(), opened: () => folders.begin() });
  const words = new WordVectors(extensionUri, context.workspaceState, runner);
  const pins = new Pins(questions, words, lastEditor);
  const hovers = new VectorHovers({ questions, log, pinned: pins.pinned, store: () => words.spec() });

  subscriptions.push(
    vscode.window.onDidChangeActiveTextEditor((editor) => (active = editor ?? active)),
    vscode.window.registerTreeDataProvider("lumen.welcome", new Welcome()),
    vscode.window.registerTreeDataProvider("lumen.gallery", new Gallery(samples)),
    vscode.window.registerWebviewViewProvider("lumen.decoding", decoding),
    vscode.languages.registerCodeLensProvider(lensLanguages, lenses),
    vscode.languages.registerHoverProvider(lensLanguages, hovers),
    vscode.languages.registerCodeActionsProvider("*", services.diagnostics, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
    whenOpened(({ registerGeneration, registerModelConfig }) => vscode.Disposable.from(
      registerModelConfig(),
      registerGeneration({
        runner,
        log,
        shown: () => shownDecoding(sessions.latest("decoding")),
        builtIn: () => models.builtIn(),
        asked: () => questions.endLater(),
      }),
    )),
    ...registerCommands({
      sessions,
      runner,
      samples,
      pins,
      words,
      models,
      decoding,
      sideBar,
      lastEditor,
      forgetParameters: parameters.forget,
      showDiagnostics: () => showDiagnostics(context, log, runner, sessions, activation, { wordVectors: words.describe(), model: models.describe() }),
    }),
    lenses,
    questions,
    words,
    words.onDidChange(() => sessions.runAgain("looksUpWords")),
    models,
    models.onDidChange(() => sessions.runAgain("usesModel")),
    services.server,
    services.server.onDidChange(() => sessions.runAgain("usesModel")),
    decoding,
    folders,
    pins,
    sessions,
    tensors,
    services.highlight,
    services.gutter,
    services.diagnostics,
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("lumen.kernels")) runner.end();
    }),
    { dispose: () => runner.end() },
    log,
  );
  const activation = performance.now() - begun;
  log.info(`activated in ${activation.toFixed(1)} ms`);
  return context.extensionMode === vscode.ExtensionMode.Test ? createTestApi(sessions, decoding, tensors, runner, activation) : undefined;
}
