import * as vscode from "vscode";
import { msg, type ServerAnswer } from "../../core/contract/index.js";
import { promptText } from "../../core/decoding/promptText.js";
import type { SourceSpec, Values } from "../../core/protocol.js";
import { asksServer } from "../resources.js";
import type { Subject } from "../subjects.js";
import { askCompletions, otherSource, type CompletionRequest } from "./completions.js";

/** A text of many tokens asks once a token, and a slider that moves asks for the same again. */
const answersKept = 2000;

/** The reader's own server of completions. It is asked for one token, once a text; nothing is sent while no address is set. */
export class CompletionServer implements vscode.Disposable {
  private readonly answers = new Map<string, ServerAnswer>(); // the newest last
  private readonly changed = new vscode.EventEmitter<void>();
  /** Another server, or another model of it, was set. */
  readonly onDidChange = this.changed.event;
  private readonly settings = vscode.workspace.onDidChangeConfiguration((event) => {
    if (!event.affectsConfiguration("lumen.decoding.server") && !event.affectsConfiguration("lumen.decoding.serverModel")) return;
    this.answers.clear();
    this.changed.fire();
  });

  /** The name of the server if a run has to wait for it; undefined when there is nothing to wait for. */
  slow(subject: Subject, source: SourceSpec, params: Values): string | undefined {
    if (!asksServer(subject, params)) return undefined;
    const request = requestFor(source, params);
    return request.address === "" || this.answers.has(keyOf(request)) ? undefined : request.address;
  }

  /** Rejects only when the signal is aborted. */
  async ask(source: SourceSpec, params: Values, signal: AbortSignal): Promise<ServerAnswer> {
    return this.answerTo(requestFor(source, params), signal);
  }

  /** What follows a text. Rejects only when the signal is aborted. */
  async askBehind(prompt: string, signal: AbortSignal): Promise<ServerAnswer> {
    return this.answerTo({ ...settings(), prompt }, signal);
  }

  private async answerTo(request: CompletionRequest, signal: AbortSignal): Promise<ServerAnswer> {
    if (request.address === "") return unset();
    const key = keyOf(request);
    const known = this.answers.get(key);
    const answer = known ?? (await askCompletions(request, { signal }));
    this.answers.delete(key);
    // A server that did not answer may answer the next time.
    if (answer.ok) this.answers.set(key, answer);
    for (const old of this.answers.keys()) if (this.answers.size > answersKept) this.answers.delete(old);
    return answer;
  }

  dispose(): void {
    this.settings.dispose();
    this.changed.dispose();
  }
}

function requestFor(source: SourceSpec, { prompt }: Values): CompletionRequest {
  const [text, ranges] = source.kind === "text" ? [source.text, source.ranges] : ["", []];
  return { ...settings(), prompt: promptText(typeof prompt === "string" ? prompt : "", text, ranges) };
}

/** Which server, and which model of it. */
function settings(): Pick<CompletionRequest, "address" | "model"> {
  const set = vscode.workspace.getConfiguration("lumen.decoding");
  return { address: set.get("server", "").trim(), model: set.get("serverModel", "").trim() };
}

function keyOf(request: CompletionRequest): string {
  return JSON.stringify([request.address, request.model, request.prompt]);
}

function unset(): ServerAnswer {
  const message = msg("No server is set. Write the address of an OpenAI-compatible server, such as http://localhost:8080, into the setting lumen.decoding.server.");
  return { ok: false, name: "", problem: { severity: "error", title: msg("No server"), message, fixes: otherSource } };
}
