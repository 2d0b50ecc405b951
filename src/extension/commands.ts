import * as vscode from "vscode";
import type { SourceSpec, Values } from "../core/protocol.js";
import { fresh, showAttention } from "./attention/showAttention.js";
import { chosenFiles, coversAll, isFitArgument } from "./commandArguments.js";
import { explorerSpec, SourceError } from "./dataSource.js";
import { selectionToExplore, type DecodingView } from "./decoding/decodingView.js";
import { chooseTextFolder, textFolderSpec } from "./decoding/textFolders.js";
import type { LanguageModels } from "./decoding/languageModels.js";
import { selectedSpans, showDocument, textSpec } from "./editor/documents.js";
import { reportFailure } from "./report.js";
import type { Runner } from "./runner.js";
import type { Samples } from "./samples.js";
import { editorSpec, type Sessions } from "./sessions.js";
import type { SideBarMode } from "./sideBarMode.js";
import { subjectOf } from "./subjects.js";
import { chooseArray } from "./tensors/chooseArray.js";
import type { Pins } from "./vectors/pins.js";
import type { WordVectors } from "./vectors/wordVectors.js";
import { wordQuery } from "./vectors/wordQuery.js";

export type { FitArgument } from "./commandArguments.js";

export type CommandContext = {
  readonly sessions: Sessions;
  readonly runner: Runner;
  readonly samples: Samples;
  readonly pins: Pins;
  readonly words: WordVectors;
  readonly models: LanguageModels;
  readonly decoding: DecodingView;
  readonly sideBar: SideBarMode;
  lastEditor(): vscode.TextEditor | undefined;
  /** Forgets the remembered parameters of all explainers. */
  forgetParameters(): Promise<void>;
  showDiagnostics(): void;
};

/** Registers every command of the manifest. */
export function registerCommands(context: CommandContext): vscode.Disposable[] {
  const { sessions } = context;
  const register = (id: string, run: (...args: never[]) => unknown) =>
    vscode.commands.registerCommand(id, async (...args: never[]) => {
      try {
        await run(...args);
      } catch (error) {
        explain(error);
      }
    });
  const act = (action: string) => async () => {
    const session = sessions.current();
    if (session) session.action(action);
    else await askForSource();
  };
  return [
    register("lumen.fitGmm", (first: unknown, second: unknown) => fit(context, "mixture", false, first, second)),
    register("lumen.fitGmmFile", (first: unknown, second: unknown) => fit(context, "mixture", true, first, second)),
    register("lumen.compareVectors", (first: unknown, second: unknown) => fit(context, "vectors", false, first, second)),
    register("lumen.compareVectorsFile", (first: unknown, second: unknown) => fit(context, "vectors", true, first, second)),
    register("lumen.findNeighbours", () => findNeighbours(context)),
    register("lumen.openSample", (file?: string, params?: Values) => openSample(context, file, params)),
    register("lumen.showGallery", () => context.sideBar.showSamples()),
    register("lumen.copyPython", act("copyPython")),
    register("lumen.export", act("export")),
    register("lumen.insertParameters", act("insertParameters")),
    register("lumen.colourRows", act("colourRows")),
    register("lumen.play", act("play")),
    register("lumen.stepForward", act("stepForward")),
    register("lumen.stepBack", act("stepBack")),
    register("lumen.pin", () => sessions.current()?.togglePin()),
    register("lumen.pinVector", (given: unknown) => context.pins.pin(given)),
    register("lumen.unpinVector", () => context.pins.unpin()),
    register("lumen.copyVector", (given: unknown) => context.pins.copy(given)),
    register("lumen.useWordVectors", (given: unknown) => context.words.choose(given)),
    register("lumen.showAttention", (first: unknown, second: unknown) => showAttention(context, first, second)),
    register("lumen.exploreDecoding", (given: unknown) => exploreDecoding(context, given)),
    register("lumen.exploreFolder", (given: unknown) => exploreFolder(context, given)),
    register("lumen.compareDecoding", () => compareDecoding(context)),
    register("lumen.useModelFolder", (given: unknown) => context.models.choose(given)),
    register("lumen.resetParameters", async () => {
      await context.forgetParameters();
      sessions.current()?.reset({});
    }),
    register("lumen.showDiagnostics", () => context.showDiagnostics()),
  ];
}

/**
 * Fits what was asked for. `first` and `second` are what VS Code passes: nothing from the palette and the keyboard, the
 * document's URI from the editor's menu, the clicked and all chosen URIs from the Explorer, a `FitArgument` from a CodeLens.
 */
async function fit(
  { sessions, runner, lastEditor }: CommandContext,
  explainer: string,
  whole: boolean,
  first: unknown,
  second: unknown,
): Promise<void> {
  const editor = lastEditor();
  if (isFitArgument(first)) {
    const { owner } = first;
    if (owner)
      return sessions
        .all()
        .find(({ link }) => link === owner)
        ?.run("change", first.params);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(first.uri, true));
    const ranges = first.span ? [first.span] : [];
    const spec = textSpec(document, coversAll(document, ranges) ? [] : ranges);
    sessions.open(explainer, spec, { params: first.params, column: sessions.columnBeside(editor?.viewColumn) });
    return;
  }
  const files = chosenFiles(first, second, editor);
  if (files.length > 0) {
    for (const each of files) {
      const uri = await chooseArray(each, runner, explainer === "mixture" ? ({ noTable }) => noTable : ({ noRows }) => noRows);
      if (!uri) continue;
      const spec = await explorerSpec(uri, subjectOf(explainer).textBelow);
      sessions.open(explainer, spec, { column: vscode.ViewColumn.Active, preserveFocus: false });
    }
    return;
  }
  if (!editor) return askForSource();
  sessions.open(explainer, await editorSpec(editor, whole, explainer), { column: sessions.columnBeside(editor.viewColumn) });
}

/** Opens a sample in an editor, or, where it is binary, as a file, and fits it. */
async function openSample({ sessions, samples, decoding }: CommandContext, file?: string, params?: Values): Promise<void> {
  const all = await samples.all();
  const sample = file === undefined ? await chooseSample(samples) : all.find((each) => each.file === file);
  if (!sample) {
    if (file !== undefined) throw new SourceError(vscode.l10n.t("There is no sample called {0}.", file));
    return;
  }
  const uri = await samples.place(sample.file);
  const options = { params: { ...(sample.explainer === "attention" ? fresh : {}), ...(params ?? sample.params) } };
  if (sample.explainer !== undefined && /\.npy$/i.test(sample.file)) {
    sessions.open(sample.explainer, await explorerSpec(uri), { ...options, column: vscode.ViewColumn.Active });
    return;
  }
  const { explainer } = sample;
  const editor = await showDocument(uri.toString(), explainer !== undefined);
  if (explainer === undefined) return;
  if (explainer === "decoding") {
    const whole = { start: 0, end: editor.document.getText().trimEnd().length };
    return decoding.explore(textSpec(editor.document, [whole]), { tab: "explore", prompt: "", forced: "", source: "model", ...options.params });
  }
  const spec: SourceSpec = textSpec(editor.document, []);
  const column = sessions.columnBeside(editor.viewColumn);
  sessions.open(explainer, spec, { ...options, column });
}

/**
 * Explores decoding in the side bar: with the parameters, or from the text, that a lens was clicked above; else from the selection,
 * or from a prompt that is typed there.
 */
async function exploreDecoding({ decoding, lastEditor }: CommandContext, given: unknown): Promise<void> {
  if (isFitArgument(given)) {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(given.uri, true));
    if (!given.params) return decoding.exploreConfig(document, given.span?.start ?? 0);
    const { spec, params } = selectionToExplore(document, given.span ? [given.span] : [], decoding.shown().params.source);
    return decoding.explore(spec, { ...params, ...given.params });
  }
  const editor = lastEditor();
  const ranges = editor ? selectedSpans(editor) : [];
  if (!editor || ranges.length === 0) return decoding.explore(undefined, { tab: "explore" });
  const { spec, params } = selectionToExplore(editor.document, ranges, decoding.shown().params.source);
  return decoding.explore(spec, params);
}

/** Explores decoding with the words of a folder's texts. */
async function exploreFolder({ decoding }: CommandContext, given: unknown): Promise<void> {
  const folder = await chooseTextFolder(given);
  if (!folder) return;
  const { source } = decoding.shown().params;
  await decoding.explore(textFolderSpec(folder), { tab: "explore", prompt: "", forced: "", source: source === "characters" ? source : "words" });
}

/** Compares strategies in a panel, on the prompt and with the parameters of the side bar. */
function compareDecoding({ sessions, decoding, lastEditor }: CommandContext): void {
  const { spec, params } = decoding.shown();
  sessions.open("decoding", spec, { params: { ...params, tab: "compare" }, column: sessions.columnBeside(lastEditor()?.viewColumn) });
}

/** Asks for a word or an expression, and shows its neighbours: in the panel of vectors used last, else in one of the editor's. */
async function findNeighbours({ sessions, lastEditor }: CommandContext): Promise<void> {
  const editor = lastEditor();
  const asked = await vscode.window.showInputBox({
    title: vscode.l10n.t("Find Neighbours"),
    prompt: vscode.l10n.t("A word, a list of numbers, or an expression of words"),
    placeHolder: "king - man + woman",
    value: editor ? chosenWord(editor) : "",
  });
  const query = asked?.trim() ?? "";
  if (query === "") return;
  const params = { tab: "neighbours", query };
  const shown = sessions.latest("vectors");
  if (shown) {
    shown.panel.surface.reveal(true);
    shown.run("change", params);
  } else if (editor) {
    sessions.open("vectors", await editorSpec(editor, true, "vectors"), { params, column: sessions.columnBeside(editor.viewColumn) });
  } else await askForSource();
}

/** The selection of one line, else the word at the caret, as a query. */
function chosenWord({ document, selection }: vscode.TextEditor): string {
  if (!selection.isEmpty) return selection.isSingleLine ? document.getText(selection).trim() : "";
  const range = document.getWordRangeAtPosition(selection.active, /[\p{L}\p{M}\p{N}]+(?:[-'’_][\p{L}\p{M}\p{N}]+)*/u);
  return range ? wordQuery(document.getText(range)) : "";
}

async function chooseSample(samples: Samples) {
  const items = (await samples.all()).map((sample) => ({
    label: sample.title,
    description: sample.file,
    detail: sample.description,
    sample,
  }));
  const placeHolder = vscode.l10n.t("Which sample?");
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true, matchOnDetail: true }))
    ?.sample;
}

async function askForSource(): Promise<void> {
  const gallery = vscode.l10n.t("Show the Samples");
  const sentence = vscode.l10n.t("Open a file with numbers, or select some, and run this again.");
  if ((await vscode.window.showInformationMessage(sentence, gallery)) === gallery)
    await vscode.commands.executeCommand("lumen.showGallery");
}

/** Says why a command could not do its work. */
function explain(error: unknown): void {
  if (error instanceof SourceError) void vscode.window.showErrorMessage(error.message);
  else reportFailure(error);
}
