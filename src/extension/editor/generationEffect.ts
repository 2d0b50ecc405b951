import * as vscode from "vscode";
import { format, type Message } from "../../core/contract/index.js";
import { planEffect, type Block, type Entry } from "../../core/decoding/config/index.js";
import { typedSource, type ModelSpec } from "../../core/protocol.js";
import type { ShownDecoding } from "../decoding/shownDecoding.js";
import type { Runner } from "../runner.js";
import { themeKind } from "../vectors/questions.js";
import { effectAnswer, type EffectSource } from "./effectAnswer.js";
import { effectMarkdown, type EffectBlocks } from "./effectMarkdown.js";
import { lintsWanted } from "./generationDiagnostics.js";
import { escaped } from "./hoverMarkdown.js";

export type EffectContext = {
  readonly runner: Runner;
  readonly log: vscode.LogOutputChannel;
  /** Undefined where no explorer shows anything. */
  shown(): ShownDecoding | undefined;
  builtIn(): ModelSpec;
  /** The worker was asked, and is not needed for ever. */
  asked(): void;
};

/** Draws what generation parameters do to the current distribution: the explorer's, else that of the built-in model. */
export class GenerationEffects {
  constructor(private readonly context: EffectContext) {}

  /** Blocks of Markdown, none where there is nothing to say. A worker that fails, or is slow, leaves the sentences. */
  async blocks(document: vscode.TextDocument, block: Block, entry: Entry, token: vscode.CancellationToken): Promise<EffectBlocks> {
    const { bundle } = vscode.l10n;
    const { runner, log, shown, asked } = this.context;
    const { sentences, others, question } = planEffect(document.getText(), block, entry, lintsWanted(document));
    const say = (list: readonly Message[]) => (list.length > 0 ? [list.map((each) => escaped(format(each, bundle))).join(" ")] : []);
    const told: EffectBlocks = { first: say(sentences), last: [] };
    // A folder that is not trusted starts nothing by being looked at.
    if (!question || !(vscode.workspace.isTrusted || runner.state().worker === "ready")) return told;
    const { source, text } = shown() ?? { source: this.byDefault(), text: [] };
    asked();
    const answer = await effectAnswer(runner, source, { ...question, text, theme: themeKind() }, token, (line) => log.warn(line));
    if (!answer) return told;
    const { first, last } = effectMarkdown(answer, bundle);
    return { first: [...told.first, ...first], last: [...say(others), ...last] };
  }

  private byDefault(): EffectSource {
    return { source: { kind: "text", uri: typedSource, name: "", languageId: "plaintext", text: "", ranges: [] }, params: {}, model: this.context.builtIn() };
  }
}
