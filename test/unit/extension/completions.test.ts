import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeEach, describe, expect, test } from "vitest";
import { format, type ServerAnswer } from "../../../src/core/contract/index.js";
import { askCompletions } from "../../../src/extension/decoding/completions.js";
import { localServer } from "./localServer.js";

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const answer = { choices: [{ text: " the", logprobs: { tokens: [" the"], top_logprobs: [{ " the": -0.5, " a": -1.5 }] } }] };
const json = (response: ServerResponse, value: unknown, status = 200) => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
};

let handle: Handler;
const seen: { readonly url: string; readonly method: string; readonly body: string }[] = [];
const address = localServer((request, response, body) => {
  seen.push({ url: request.url!, method: request.method!, body });
  handle(request, response, body);
});
beforeEach(() => {
  seen.length = 0;
  handle = (_request, response) => json(response, answer);
});

const never = new AbortController().signal;
const ask = (at = address(), patience = 20_000, model = "") => askCompletions({ address: at, model, prompt: "Once" }, { signal: never, patience });
const sentenceOf = (said: ServerAnswer) => (said.ok ? "(an answer)" : format(said.problem.message));

describe("a server of completions", () => {
  test.each(["", "/", "/v1", "/v1/", "/v1/completions"])("is asked for one token, wherever its address %s ends", async (end) => {
    const said = await ask(address() + end);
    expect(said).toEqual({ ok: true, name: new URL(address()).host, text: JSON.stringify(answer) });
    expect(seen.map(({ url, method }) => [method, url])).toEqual([["POST", "/v1/completions"]]);
    const body = JSON.parse(seen[0].body) as Record<string, unknown>;
    expect(body).toMatchObject({ prompt: "Once", max_tokens: 1, stream: false });
    expect(body.logprobs).toBeGreaterThan(1);
    expect("model" in body).toBe(false);
  });

  test("gets the model's name, and keeps a path in front of its own", async () => {
    await ask(`${address()}/engine/v1`, 20_000, "llama3");
    expect(seen[0].url).toBe("/engine/v1/completions");
    expect(JSON.parse(seen[0].body)).toMatchObject({ model: "llama3" });
  });

  test("that hangs is left after a while", async () => {
    handle = () => undefined;
    expect(sentenceOf(await ask(address(), 100))).toMatch(/has not answered for 0\.1 seconds.*another source/);
  });

  test("that stops in the middle is left after a while, too", async () => {
    handle = (_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"choices": [');
    };
    expect(sentenceOf(await ask(address(), 100))).toMatch(/has not answered/);
  });

  test("is left when the reader goes on", async () => {
    const giveUp = new AbortController();
    handle = () => giveUp.abort();
    await expect(askCompletions({ address: address(), model: "", prompt: "x" }, { signal: giveUp.signal })).rejects.toThrow();
  });

  test.each<[string, Handler, RegExp]>([
    ["HTML", (_q, r) => r.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Portal</title>"), /answers HTML instead of JSON.*page in front/],
    ["plain text", (_q, r) => r.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end("hello"), /answers text\/plain instead of JSON/],
    ["nothing", (_q, r) => r.writeHead(200).end(), /answers text instead of JSON/],
    ["no logprobs", (_q, r) => json(r, { choices: [{ text: " the", logprobs: null }] }), /without top_logprobs/],
    ["an empty list", (_q, r) => json(r, { choices: [{ text: "", logprobs: { top_logprobs: [] } }] }), /without top_logprobs/],
    ["an error that says what it is", (_q, r) => json(r, { error: { message: "model is required" } }, 400), /refuses: model is required/],
    ["an error as text", (_q, r) => json(r, { error: "model 'x' not found" }, 500), /refuses: model 'x' not found/],
    ["a bare error", (_q, r) => r.writeHead(503).end("busy"), /answers with the error 503/],
    ["a lock", (_q, r) => json(r, { error: { message: "Invalid API key" } }, 401), /asks for a key \(401\), and Lumen sends none/],
    ["a wall", (_q, r) => r.writeHead(403).end(), /asks for a key \(403\)/],
    ["nobody", (_q, r) => r.writeHead(404).end("not found"), /has no \/v1\/completions \(404\)/],
    ["a redirect", (_q, r) => r.writeHead(302, { location: "http://127.0.0.1:1/" }).end(), /could not be asked/],
    ["a flood", (_q, r) => {
      r.writeHead(200, { "content-type": "application/json" });
      const more = () => {
        while (r.writable && r.write(" ".repeat(1 << 18)));
      };
      r.on("drain", more);
      more();
    }, /answers more than 5 MB/],
  ])("that answers with %s is told in a sentence", async (_name, handler, sentence) => {
    handle = handler;
    expect(sentenceOf(await ask())).toMatch(sentence);
  });

  test("that was started anew is asked again over a new connection", async () => {
    const first = createServer((_request, response) => json(response, answer));
    await new Promise<void>((resolve) => first.listen(0, "127.0.0.1", resolve));
    const { port } = first.address() as AddressInfo;
    const at = `http://127.0.0.1:${port}`;
    expect((await ask(at)).ok).toBe(true);
    first.closeAllConnections();
    await new Promise((resolve) => first.close(resolve));
    const second = createServer((_request, response) => json(response, answer));
    await new Promise<void>((resolve) => second.listen(port, "127.0.0.1", resolve));
    expect((await ask(at)).ok).toBe(true);
    second.closeAllConnections();
    await new Promise((resolve) => second.close(resolve));
    expect(sentenceOf(await ask(at))).toMatch(/No server answers/);
  });

  test("that is not there is told in a sentence", async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    expect(sentenceOf(await ask(`http://127.0.0.1:${port}`))).toMatch(/No server answers at 127\.0\.0\.1:\d+\. Start it/);
  });

  test.each(["localhost:8080", "ftp://localhost", "nonsense", "file:///etc/passwd"])("at %s is no address", async (at) => {
    expect(sentenceOf(await ask(at))).toMatch(/is not an address of a server/);
    expect(seen).toEqual([]);
  });
});
