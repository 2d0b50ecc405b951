import * as vscode from "vscode";
import { format } from "../../core/contract/index.js";
import { planEffect, type Block, type Entry } from "../../core/decoding/config/index.js";
import { typedSource, type EffectAnswer, type EffectQuestion, type ModelSpec, type SourceSpec, type Values } from "../../core/protocol.js";
import type { QuestionRequest, Runner } from "../runner.js";
import type { Session } from "../session.js";
import { themeKind } from "../vectors/questions.js";
import { effectMarkdown } from "./effectMarkdown.js";
import { escaped } from "./hoverMarkdown.js";

/** What the explorer shows: what its picture is made of, and the tokens written behind the prompt. */
export type ShownDecoding = { readonly request: Omit<QuestionRequest, "explainer" | "question">; readonly text: readonly number[] };

export type EffectContext = {
  readonly runner: Runner;
  readonly log: vscode.LogOutputChannel;
  /** Undefined where no explorer shows anything. */
  shown(): ShownDecoding | undefined;
  builtIn(): ModelSpec;
  /** The worker was asked, and is not needed for ever. */
  asked(): void;
};

/** What a session of the explorer shows, if it does. */
export function shownDecoding(session: Pick<Session, "state"> | undefined): ShownDecoding | undefined {
  const { request, trace } = session?.state() ?? {};
  if (!request) return undefined;
  const { source, params, resources } = request;
  const { explore } = (trace?.trace ?? {}) as { readonly explore?: { readonly ids: ArrayLike<number> } };
  return { request: { source, params, ...resources }, text: Array.from(explore?.ids ?? []) };
}

/** The text of a hover does not wait longer for its picture, which will be there the next time. */
const patience = 2000;

const explainer = "decoding";
/** Parameters of the explorer that say which distribution it shows. */
const placeParams = ["source", "prompt", "given", "order_n", "max_new_tokens"];

/** Draws what generation parameters do to the current distribution: the explorer's, else that of the built-in model. */
export class GenerationEffects {
  constructor(private readonly context: EffectContext) {}

  /** Blocks of Markdown, none where there is nothing to say. A worker that fails, or is slow, leaves the sentences. */
  async blocks(document: vscode.TextDocument, block: Block, entry: Entry, token: vscode.CancellationToken): Promise<readonly string[]> {
    const { bundle } = vscode.l10n;
    const { sentences, others, question } = planEffect(document.getText(), block, entry);
    const told = sentences.length > 0 ? [sentences.map((each) => escaped(format(each, bundle))).join(" ")] : [];
    // A folder that is not trusted starts nothing by being looked at.
    if (!question || !(vscode.workspace.isTrusted || this.context.runner.state().worker === "ready")) return told;
    const answer = await this.ask(question, token);
    return answer ? [...told, ...effectMarkdown(answer, others, bundle)] : told;
  }

  private ask(question: Omit<EffectQuestion, "text" | "theme">, token: vscode.CancellationToken): Promise<EffectAnswer | undefined> {
    const { runner, log, asked } = this.context;
    if (token.isCancellationRequested) return Promise.resolve(undefined);
    const { request, text } = this.context.shown() ?? { request: this.byDefault(), text: [] };
    const whole: EffectQuestion = { ...question, text, theme: themeKind() };
    const params = Object.fromEntries(placeParams.filter((name) => name in request.params).map((name) => [name, request.params[name]]));
    asked();
    return new Promise((resolve) => {
      const late = setTimeout(() => settle(undefined), patience);
      const run = runner.question({ ...request, explainer, params: { ...params, tab: "explore" }, question: whole }, (event) => {
        if (event.type === "progress") return;
        // What is wrong with the source is said where it is shown.
        if (event.type === "failed") log.warn(`effect: ${format(event.message)}`);
        settle(event.type === "answered" ? (event.answer as EffectAnswer | undefined) : undefined);
      });
      const watch = token.onCancellationRequested(() => {
        runner.cancel(run);
        settle(undefined);
      });
      function settle(answer: EffectAnswer | undefined) {
        clearTimeout(late);
        watch?.dispose();
        resolve(answer);
      }
    });
  }

  private byDefault(): { readonly source: SourceSpec; readonly params: Values; readonly model: ModelSpec } {
    return { source: { kind: "text", uri: typedSource, name: "", languageId: "plaintext", text: "", ranges: [] }, params: {}, model: this.context.builtIn() };
  }
}
