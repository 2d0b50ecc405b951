import type { ServerResponse } from "node:http";
import { beforeEach, describe, expect, test } from "vitest";
import { format, type ServerAnswer } from "../../../src/core/contract/index.js";
import type { DecodingTrace } from "../../../src/core/decoding/trace.js";
import type { HostToView, RunEvent, SourceSpec, Values } from "../../../src/core/protocol.js";
import { explainers } from "../../../src/core/registry.js";
import { askCompletions } from "../../../src/extension/decoding/completions.js";
import { createExperiment } from "../../../src/extension/experiment.js";
import { createRunner, type Clock } from "../../../src/extension/runner.js";
import { createDriver } from "../../../src/extension/worker/drive.js";
import { openSource, openTarget } from "../../../src/extension/worker/files.js";
import { until } from "../../support/until.js";
import { localServer } from "./localServer.js";

/** A text by a server's probabilities: experiment, runner, driver and explainer as they work together, and a server over HTTP. */

type Answer = (response: ServerResponse, prompt: string) => void;
let answer: Answer;
const prompts: string[] = [];
const address = localServer((_request, response, body) => {
  const { prompt } = JSON.parse(body) as { readonly prompt: string };
  prompts.push(prompt);
  answer(response, prompt);
});
const says = (response: ServerResponse, next: Readonly<Record<string, number>>) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ choices: [{ logprobs: { top_logprobs: [next] } }] }));
/** Counts the words behind the prompt. */
const counts: Answer = (response, prompt) => says(response, { [` ${prompt.split(" ").length}`]: Math.log(0.7), " x": Math.log(0.3) });

beforeEach(() => {
  prompts.length = 0;
  answer = counts;
});

const source: SourceSpec = { kind: "text", uri: "lumen:prompt", name: "typed", languageId: "plaintext", text: "", ranges: [] };
const first: ServerAnswer = { ok: true, name: "there", text: JSON.stringify({ choices: [{ logprobs: { top_logprobs: [{ " 1": Math.log(0.7), " x": Math.log(0.3) }] } }] }) };

function together(patience = 20_000) {
  let [time, cpu] = [0, 0];
  const ticks = new Set<() => void>();
  const clock: Clock = { now: () => time, cpu: () => cpu, every: (_, tick) => (ticks.add(tick), () => ticks.delete(tick)) };
  const runner = createRunner((events) => {
    const receive = createDriver({
      explainers: explainers, open: openSource, openTarget, random: () => () => 0.5,
      post: (message) => events.message(message), now: () => performance.now(), pause: () => new Promise((resolve) => setImmediate(resolve)),
    });
    queueMicrotask(() => events.message({ type: "ready" }));
    return { post: receive, terminate() {} };
  }, clock, () => {});
  const posted: HostToView[] = [];
  const ended: RunEvent[] = [];
  const experiment = createExperiment({
    explainer: "decoding", runner, post: (message) => posted.push(message), ended: (event) => ended.push(event),
    askServer: (prompt, _request, signal) => askCompletions({ address: address(), model: "", prompt }, { signal, patience }),
  });
  const start = (params: Values) => experiment.start({ source, params: { source: "server", prompt: "Once", do_sample: false, max_new_tokens: 5, ...params }, why: "change", resources: { server: first } });
  const ending = (run: number) => until(`the end of run ${run}`, () => posted.find((each): each is RunEvent => "run" in each && each.run === run && ["trace", "invalid", "cancelled", "failed"].includes(each.type)));
  const text = async (run: number) => {
    const event = await ending(run);
    if (event.type !== "trace") throw new Error(event.type);
    const { explore } = event.trace as DecodingTrace;
    return { text: explore!.text, finish: explore!.finish, told: event.problems.map(({ message }) => format(message)).join(" ") };
  };
  /** Lets the watchdog see so many seconds of a busy machine. */
  const pass = (seconds: number) => {
    for (let i = 0; i < 4 * seconds; i++) {
      time += 250;
      cpu += 250;
      for (const tick of [...ticks]) tick();
    }
  };
  return { start, ending, text, experiment, posted, runner, pass };
}

describe("a run that wants the server's answers", () => {
  test("asks for each token behind the text so far, and shows the text as it grows", async () => {
    const { start, text, posted } = together();
    expect(await text(start({}))).toMatchObject({ text: " 1 2 3 4 5", finish: "length" });
    expect(prompts).toEqual(["Once 1", "Once 1 2", "Once 1 2 3", "Once 1 2 3 4", "Once 1 2 3 4 5"]);
    expect(posted.flatMap((each) => (each.type === "progress" && each.trace ? [(each.trace as DecodingTrace).explore!.ids.length] : []))).toEqual([1, 2, 3, 4, 5]);
    expect(posted.map(({ type }) => type)).not.toContain("wants");
  });

  test("waits as long as the server takes, which is no step without end, and can be cancelled, or stopped with what it has", async () => {
    const { start, ending, text, experiment, runner, pass } = together();
    answer = (response, prompt) => (prompt === "Once 1 2" ? undefined : counts(response, prompt));
    const cancelled = start({});
    await until("the question", () => prompts.includes("Once 1 2"));
    pass(30);
    expect(runner.state().worker).toBe("ready");
    experiment.cancel();
    expect((await ending(cancelled)).type).toBe("cancelled");
    prompts.length = 0;
    const stopped = start({ temperature: 2 });
    await until("the question again", () => prompts.includes("Once 1 2"));
    experiment.stop();
    expect(await text(stopped)).toMatchObject({ text: " 1 2", finish: "stopped" });
  });

  test("is given up for a newer one", async () => {
    const { start, text, runner } = together();
    answer = () => undefined;
    start({});
    await until("the question", () => prompts.length > 0);
    answer = counts;
    expect(await text(start({ max_new_tokens: 2 }))).toMatchObject({ text: " 1 2" });
    expect(runner.state().active).toBe(0);
  });

  test.each<[string, Answer, RegExp]>([
    ["hangs", () => undefined, /has not answered for 0\.2 seconds/],
    ["answers HTML", (response) => void response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html>"), /answers HTML instead of JSON/],
    ["refuses", (response) => void response.writeHead(400, { "content-type": "application/json" }).end('{"error": {"message": "too long"}}'), /refuses: too long/],
    ["hangs up", (response) => void response.destroy(), /could not be asked/],
  ])("keeps its text where the server %s on the way", async (_, fault, sentence) => {
    const { start, text } = together(200);
    answer = (response, prompt) => (prompt === "Once 1 2" ? fault(response, prompt) : counts(response, prompt));
    const said = await text(start({}));
    expect(said).toMatchObject({ text: " 1 2", finish: "no answer" });
    expect(said.told).toMatch(sentence);
  });
});
