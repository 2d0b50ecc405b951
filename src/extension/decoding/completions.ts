import { msg, type Fix, type Message, type ServerAnswer } from "../../core/contract/index.js";

export type CompletionRequest = {
  /** As the reader set it: "http://localhost:8080", with or without "/v1". */
  readonly address: string;
  /** The model's name, for servers that have several; "" leaves it out. */
  readonly model: string;
  readonly prompt: string;
};

export type CompletionOptions = {
  readonly signal: AbortSignal;
  /** Milliseconds to wait for the answer. */
  readonly patience?: number;
};

/** What is left to the reader whose server does not answer. */
export const otherSource: readonly Fix[] = [
  { label: msg("Use the language model"), params: { source: "model" } },
  { label: msg("Open the setting"), params: {}, choose: "server" },
];

const usualPatience = 15_000;
/** Servers list no more than so many tokens: vLLM refuses a larger number, others give what they have. */
const listedTokens = 20;
const longestAnswer = 5_000_000;

/**
 * Asks an OpenAI-compatible server (llama.cpp, Ollama, vLLM) for the likeliest next tokens: POST /v1/completions for one token,
 * with logprobs. What goes wrong is a problem that names the remedy.
 * @throws the signal's reason when it is aborted
 */
export async function askCompletions({ address, model, prompt }: CompletionRequest, { signal, patience = usualPatience }: CompletionOptions): Promise<ServerAnswer> {
  const url = endpointOf(address);
  if (!url) return refused(address, msg("{0} is not an address of a server. Write lumen.decoding.server like http://localhost:8080.", address));
  const name = url.host;
  const late = AbortSignal.timeout(patience);
  try {
    const body = JSON.stringify({ ...(model === "" ? {} : { model }), prompt, max_tokens: 1, logprobs: listedTokens, temperature: 1, stream: false });
    const headers = { "content-type": "application/json", accept: "application/json" };
    const options: RequestInit = { method: "POST", headers, body, signal: AbortSignal.any([signal, late]), redirect: "error" };
    // A kept connection whose server was started anew fails once.
    const response = await fetch(url, options).catch((error: unknown) => (codeOf(error) === "UND_ERR_SOCKET" ? fetch(url, options) : Promise.reject(error)));
    const text = await readAtMost(response, longestAnswer);
    if (!response.ok) return refused(name, statusSentence(name, response.status, text));
    return answerOf(name, response.headers.get("content-type") ?? "", text);
  } catch (error) {
    if (signal.aborted) throw error;
    return refused(name, late.aborted ? lateSentence(name, patience) : faultSentence(name, error));
  }
}

/** The address of the completions; undefined for what is none. */
function endpointOf(address: string): URL | undefined {
  try {
    const url = new URL(address.trim());
    if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
    const path = url.pathname.replace(/\/+$/, "").replace(/\/(?:v1(?:\/completions)?|completions)$/, "");
    return new URL(`${path}/v1/completions`, url.origin);
  } catch {
    return undefined;
  }
}

function refused(name: string, message: Message): ServerAnswer {
  return { ok: false, name, problem: { severity: "error", title: msg("No answer from the server"), message, fixes: otherSource } };
}

function answerOf(name: string, type: string, text: string): ServerAnswer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const kind = /<html|<!doctype/i.test(text.slice(0, 500)) ? "HTML" : type.split(";")[0] || "text";
    return refused(name, msg("{0} answers {1} instead of JSON. Check that lumen.decoding.server is an OpenAI-compatible server, and not a page in front of it.", name, kind));
  }
  if (!/"(?:top_logprobs|top_probs)"\s*:\s*\[\s*[^\]\s]/.test(text)) {
    const reported = reportedIn(value);
    if (reported !== undefined) return refused(name, msg("{0} refuses: {1}", name, reported));
    return refused(name, msg("{0} answers without top_logprobs, so that the probabilities are not known. Start a server that gives logprobs, such as llama.cpp's or vLLM.", name));
  }
  return { ok: true, name, text };
}

function statusSentence(name: string, status: number, text: string): Message {
  if (status === 401 || status === 403) return msg("{0} asks for a key ({1}), and Lumen sends none. Start the server without one, or take one of your own computer.", name, status);
  if (status === 404) return msg("{0} has no /v1/completions (404). Check the address in lumen.decoding.server, and the model's name in lumen.decoding.serverModel.", name);
  let reported: string | undefined;
  try {
    reported = reportedIn(JSON.parse(text));
  } catch {
    // No sentence of the server's own.
  }
  if (reported !== undefined) return msg("{0} refuses: {1}", name, reported);
  return msg("{0} answers with the error {1}. What is wrong stands in the server's own log.", name, status);
}

/** What a server says about an error, in the forms that are about. */
function reportedIn(value: unknown): string | undefined {
  const { error, detail, message } = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const inner = typeof error === "object" && error !== null ? (error as Record<string, unknown>).message : error;
  const said = [inner, message, detail].find((each) => typeof each === "string" && each !== "");
  return said === undefined ? undefined : String(said).slice(0, 300);
}

function lateSentence(name: string, patience: number): Message {
  return msg("{0} has not answered for {1} seconds. Try again when its model has loaded, or take another source.", name, patience / 1000);
}

/** `fetch` tells the reason one level down. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause : error;
}

function codeOf(error: unknown): string | undefined {
  const cause = causeOf(error);
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : undefined;
  return (cause as NodeJS.ErrnoException).code ?? (first as NodeJS.ErrnoException | undefined)?.code;
}

function faultSentence(name: string, error: unknown): Message {
  const [cause, code] = [causeOf(error), codeOf(error)];
  if (code === "ECONNREFUSED") return msg("No server answers at {0}. Start it, or correct lumen.decoding.server.", name);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return msg("There is no computer called {0}. Correct lumen.decoding.server.", name);
  if (cause instanceof TooLong) return msg("{0} answers more than {1} MB. Check that it is an OpenAI-compatible server.", name, longestAnswer / 1e6);
  const reason = cause instanceof Error ? cause.message : String(cause);
  return msg("{0} could not be asked ({1}). Check lumen.decoding.server, and the server's own log.", name, reason);
}

class TooLong extends Error {}

async function readAtMost(response: Response, most: number): Promise<string> {
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  if (!response.body) return text;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > most) throw new TooLong("too long");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
