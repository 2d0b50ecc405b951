import * as vscode from "vscode";
import { msg, type ServerAnswer } from "../../core/contract/index.js";
import { promptText } from "../../core/decoding/promptText.js";
import type { SourceSpec, Values } from "../../core/protocol.js";
import { asksServer } from "../resources.js";
import type { Subject } from "../subjects.js";
import { askCompletions, otherSource, type CompletionRequest } from "./completions.js";

const answersKept = 16;

/** The reader's own server of completions. It is asked for one token, once a prompt; nothing is sent while no address is set. */
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
    const request = requestFor(source, params);
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
  const settings = vscode.workspace.getConfiguration("lumen.decoding");
  const [text, ranges] = source.kind === "text" ? [source.text, source.ranges] : ["", []];
  return { address: settings.get("server", "").trim(), model: settings.get("serverModel", "").trim(), prompt: promptText(typeof prompt === "string" ? prompt : "", text, ranges) };
}

function keyOf(request: CompletionRequest): string {
  return JSON.stringify([request.address, request.model, request.prompt]);
}

function unset(): ServerAnswer {
  const message = msg("No server is set. Write the address of an OpenAI-compatible server, such as http://localhost:8080, into the setting lumen.decoding.server.");
  return { ok: false, name: "", problem: { severity: "error", title: msg("No server"), message, fixes: otherSource } };
}
