import * as vscode from "vscode";
import type { PinnedVector, StoreSpec, VectorAnswer } from "../../core/protocol.js";
import type { FitArgument } from "../commands.js";
import { wordQuery } from "../vectors/wordQuery.js";
import { AskError, type Questions } from "../vectors/questions.js";
import { nameOf, rangeOf } from "./documents.js";
import { commandLink, hoverMarkdown, type HoverLinks } from "./hoverMarkdown.js";
import { maybeVector, runAt } from "./hoverPlace.js";

/** The place that the links of a hover act on. */
export type PlaceArgument = { readonly uri: string; readonly offset: number };

export type HoverContext = {
  readonly questions: Questions;
  readonly log: vscode.LogOutputChannel;
  pinned(): PinnedVector | undefined;
  /** The word vectors in use. */
  store(): Promise<StoreSpec>;
};

const commands = ["lumen.pinVector", "lumen.unpinVector", "lumen.copyVector", "lumen.compareVectors", "lumen.useWordVectors"];

/** Says what a vector, or a word that has one, is: figures, a strip, its nearest, and the pinned one beside it. */
export class VectorHovers implements vscode.HoverProvider {
  constructor(private readonly context: HoverContext) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const { uri, languageId } = document;
    const settings = vscode.workspace.getConfiguration("lumen.vectors", { uri, languageId });
    if (!settings.get("hover.enabled", true)) return undefined;
    // Its lists are token ids.
    if (nameOf(uri) === "generation_config.json") return undefined;
    const line = document.lineAt(position.line).text;
    const run = settings.get("hover.words", false) ? runAt(line, position.character) : undefined;
    if (!run && !maybeVector(line, position.character)) return undefined;
    const { questions, pinned, store, log } = this.context;
    try {
      const answer = await questions.ask(
        { document, position, store: run && (await store()), pinned: pinned(), spellings: false },
        token,
      );
      if (!answer || token.isCancellationRequested) return undefined;
      return hoverOf(answer, document, position, run && { at: run.at, length: run.text.length });
    } catch (error) {
      // The next hover asks a new worker; a message for a pointer that only rests would be in the way.
      if (!(error instanceof AskError)) throw error;
      log.warn(`hover: ${error.message}`);
      return undefined;
    }
  }
}

function hoverOf(
  answer: VectorAnswer,
  document: vscode.TextDocument,
  position: vscode.Position,
  word: { readonly at: number; readonly length: number } | undefined,
): vscode.Hover | undefined {
  const markdown = hoverMarkdown(answer, vscode.l10n.bundle, linksFor(document, position, answer));
  if (markdown === undefined) return undefined;
  const text = new vscode.MarkdownString(markdown);
  text.isTrusted = { enabledCommands: commands };
  if (answer.kind === "vector") return new vscode.Hover(text, rangeOf(document, answer.span));
  if (!word) return new vscode.Hover(text);
  const start = position.translate(0, -word.at);
  return new vscode.Hover(text, new vscode.Range(start, start.translate(0, word.length)));
}

function linksFor(document: vscode.TextDocument, position: vscode.Position, answer: VectorAnswer): HoverLinks {
  const place: PlaceArgument = { uri: document.uri.toString(), offset: document.offsetAt(position) };
  return {
    // VS Code shows links to unsaved documents as plain text: the number of the line stays.
    line: (line) => document.uri.with({ fragment: `L${line}` }).toString(),
    pin: commandLink("lumen.pinVector", place),
    unpin: commandLink("lumen.unpinVector"),
    copy: commandLink("lumen.copyVector", place),
    compare: commandLink("lumen.compareVectors", comparison(document.uri.toString(), answer)),
    choose: commandLink("lumen.useWordVectors"),
  };
}

function comparison(uri: string, answer: VectorAnswer): FitArgument {
  if (answer.kind === "vector") return { uri, span: answer.span, params: { tab: "heatmap" } };
  return { uri, params: { tab: "neighbours", query: answer.kind === "word" ? wordQuery(answer.name) : "" } };
}
