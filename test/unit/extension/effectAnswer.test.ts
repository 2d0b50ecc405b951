import { afterEach, describe, expect, test, vi } from "vitest";
import { msg } from "../../../src/core/contract/index.js";
import type { EffectAnswer, EffectQuestion, RunEvent } from "../../../src/core/protocol.js";
import { explainers } from "../../../src/core/registry.js";
import { effectAnswer, type EffectSource } from "../../../src/extension/editor/effectAnswer.js";
import type { QuestionListener, QuestionRequest } from "../../../src/extension/runner.js";
import { builtIn } from "../models/folders.js";
import { driverHere } from "./support.js";

const question: EffectQuestion = { kind: "effect", shape: { kind: "distribution" }, without: { do_sample: true }, with: { do_sample: true, top_k: 3 }, labels: ["top_k 0", "top_k 3"], text: [], theme: "dark" };
const source: EffectSource = {
  source: { kind: "text", uri: "lumen:prompt", name: "", languageId: "plaintext", text: "", ranges: [] },
  params: { tab: "compare", prompt: "The sea", strategies: "[]", temperature: 0 },
  model: { kind: "folder", uri: `file://${builtIn}`, name: "", path: builtIn },
};

/** A runner that keeps what it is asked, and a token that can be cancelled. */
function asked(given: EffectSource = source) {
  const cancelled: number[] = [];
  const lines: string[] = [];
  let cancel = () => {};
  let disposed = 0;
  let heard: { request: QuestionRequest; listener: QuestionListener } | undefined;
  const runner = {
    question: (request: QuestionRequest, listener: QuestionListener) => {
      heard = { request, listener };
      return 7;
    },
    cancel: (run: number) => void cancelled.push(run),
  };
  const token = {
    isCancellationRequested: false,
    onCancellationRequested: (listener: () => void) => {
      cancel = listener;
      return { dispose: () => void disposed++ };
    },
  };
  const answer = effectAnswer(runner, given, question, token, (line) => lines.push(line));
  return { answer, heard: heard!, cancelled, lines, cancel: () => cancel(), disposed: () => disposed };
}

describe("asking for an effect", () => {
  afterEach(() => void vi.useRealTimers());

  test("asks about the prompt and the source that are shown, whatever else the explorer is set to", () => {
    const { request } = asked().heard;
    expect(request).toEqual({ ...source, explainer: "decoding", params: { prompt: "The sea", tab: "explore" }, question });
  });

  test("gives the worker's answer, and lets go of the token", async () => {
    const { answer, heard, disposed } = asked();
    heard.listener({ type: "progress", run: 7, fraction: 0.5, message: msg("…") });
    heard.listener({ type: "answered", run: 7, answer: { kind: "nothing", why: msg("why") } });
    expect(await answer).toEqual({ kind: "nothing", why: msg("why") });
    expect(disposed()).toBe(1);
  });

  test.each<RunEvent>([
    { type: "failed", run: 7, message: msg("The worker {0}", "died"), detail: "" },
    { type: "invalid", run: 7, problems: [] },
    { type: "cancelled", run: 7 },
  ])("has none when the run ends as $type", async (ending) => {
    const { answer, heard, lines } = asked();
    heard.listener(ending as Parameters<QuestionListener>[0]);
    expect(await answer).toBeUndefined();
    expect(lines).toEqual(ending.type === "failed" ? ["effect: The worker died"] : []);
  });

  test("cancels the run when the pointer goes on, and waits no longer", async () => {
    const { answer, cancel, cancelled } = asked();
    cancel();
    expect(await answer).toBeUndefined();
    expect(cancelled).toEqual([7]);
  });

  test("does not wait for ever, but lets the run go on for the next look", async () => {
    vi.useFakeTimers();
    const { answer, cancelled } = asked();
    await vi.advanceTimersByTimeAsync(5000);
    expect(await answer).toBeUndefined();
    expect(cancelled).toEqual([]);
  });

  test("starts nothing for a pointer that has gone on already", async () => {
    const runner = { question: () => expect.unreachable(), cancel: () => {} };
    const token = { isCancellationRequested: true, onCancellationRequested: () => ({ dispose() {} }) };
    expect(await effectAnswer(runner, source, question, token, () => {})).toBeUndefined();
  });

  test("is answered by the worker's driver from the built-in model", async () => {
    const { receive, ending } = driverHere(explainers, { random: () => () => 0.5 });
    receive({ type: "question", run: 1, ...asked().heard.request });
    const event = await ending(1);
    const answer = (event as unknown as { readonly answer: EffectAnswer }).answer;
    expect([event.type, answer.kind]).toEqual(["answered", "distribution"]);
    expect(answer).toMatchObject({ kept: [2048, 3], vocabularySize: 2048, place: { after: "The sea", source: "model", name: "", behind: 0 } });
    expect(structuredClone(answer)).toEqual(answer);
  });
});
