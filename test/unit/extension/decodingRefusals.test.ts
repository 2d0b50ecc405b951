import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { format, type Problem, type ServerAnswer } from "../../../src/core/contract/index.js";
import type { DecodingTrace } from "../../../src/core/decoding/trace.js";
import type { ModelSpec, RunEvent, SourceSpec, Values } from "../../../src/core/protocol.js";
import { explainers } from "../../../src/core/registry.js";
import { builtIn, fixtures, safetensors, tensorsOf } from "../models/folders.js";
import { driverHere } from "./support.js";

/** Everything that is wrong with a source or a parameter, through the driver that the worker has. */

const scratch = mkdtempSync(path.join(os.tmpdir(), "lumen-refusals-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const llama = path.join(fixtures, "tiny-llama");
const typed: SourceSpec = { kind: "text", uri: "lumen:prompt", name: "typed", languageId: "plaintext", text: "", ranges: [] };
const numbers = (text: string): SourceSpec => ({ ...typed, uri: "file:///n.json", text });
const own = (folder: string): ModelSpec => ({ kind: "folder", uri: `file://${folder}`, name: "mine", path: folder });

const { receive, ending } = driverHere(explainers, { random: () => () => 0.5 });
let last = 0;
function ran(params: Values, more: { readonly source?: SourceSpec; readonly model?: ModelSpec; readonly server?: ServerAnswer } = {}): Promise<RunEvent> {
  const { source = typed, ...rest } = more;
  receive({ type: "run", run: ++last, explainer: "decoding", source, params: { max_new_tokens: 3, ...params }, ...rest });
  return ending(last);
}

const problemsOf = (event: RunEvent): readonly Problem[] => (event.type === "trace" || event.type === "invalid" ? event.problems : []);
const sentence = (event: RunEvent) => problemsOf(event).map(({ message }) => format(message)).join(" ");
const remedies = (event: RunEvent) => problemsOf(event).flatMap(({ fixes = [] }) => fixes.map(({ choose, params }) => choose ?? JSON.stringify(params)));
function traceOf(event: RunEvent): DecodingTrace {
  if (event.type !== "trace") throw new Error(`${event.type}: ${sentence(event)}`);
  return event.trace as DecodingTrace;
}

/** A copy of the small Llama, changed. */
function changed(name: string, files: Readonly<Record<string, object | Uint8Array | undefined>>): ModelSpec {
  const folder = path.join(scratch, name);
  cpSync(llama, folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    if (content === undefined) rmSync(path.join(folder, file));
    else writeFileSync(path.join(folder, file), content instanceof Uint8Array ? content : JSON.stringify(content));
  }
  return own(folder);
}
const config = JSON.parse(readFileSync(path.join(llama, "config.json"), "utf8")) as { readonly vocab_size: number };

describe("a model's folder", () => {
  const shards = { weight_map: { a: "model-00001-of-00003.safetensors", b: "model-00002-of-00003.safetensors", c: "model-00003-of-00003.safetensors" } };
  test.each<[string, () => ModelSpec, RegExp]>([
    ["with missing shards", () => changed("shards", { "model.safetensors": undefined, "model.safetensors.index.json": shards, "model-00002-of-00003.safetensors": new Uint8Array(0) }), /^2 of the 3 files of mine are missing: model-00001-of-00003\.safetensors, model-00003-of-00003\.safetensors\. Copy them/],
    ["of an unknown architecture", () => changed("mamba", { "config.json": { ...config, model_type: "mamba" } }), /^This model is of the architecture mamba, which Lumen can't run\. It runs: gpt2, llama[a-z0-9, ]*\.$/],
    ["with another model's tokenizer", () => changed("tokens", { "tokenizer.json": JSON.parse(readFileSync(path.join(builtIn, "tokenizer.json"), "utf8")) as object, "config.json": config }), /^tokenizer\.json has 2048 tokens, but the model has \d+, so that they do not belong together/],
    ["with a half-written config.json", () => changed("half", { "config.json": new TextEncoder().encode('{ "model_type": "lla') }), /^config\.json is not valid JSON/],
    ["with weights that end early", () => changed("short", { "model.safetensors": readFileSync(path.join(llama, "model.safetensors")).subarray(0, 900) }), /The file is cut off: copy or save it again/],
    ["that is empty", () => own(mkdtempSync(path.join(scratch, "empty-"))), /^mine has no config\.json/],
    ["that is gone", () => own(path.join(scratch, "nowhere")), /^The folder mine is not there any more/],
  ])("%s is refused with another to choose", async (_, model, words) => {
    const spec = model();
    for (const tab of ["explore", "compare"]) {
      const event = await ran({ tab, prompt: "1 2 3" }, { model: spec });
      expect(event.type).toBe("invalid");
      expect(sentence(event)).toMatch(words);
      expect(remedies(event)).toEqual(["modelFolder", "builtInModel"]);
    }
  });

  test("whose weights are not numbers is refused on every tab, or its rows say why", async () => {
    const tensors = tensorsOf(path.join(llama, "model.safetensors"));
    for (const [name, { bytes }] of tensors) if (/norm\.weight$/.test(name)) bytes.fill(0xff);
    const model = changed("nan", { "model.safetensors": safetensors(tensors) });
    const setting = { prompt: "1 2 3" };
    for (const params of [{ tab: "explore" }, { tab: "explore", do_sample: false }, { tab: "search", num_beams: 3, do_sample: false }, { tab: "search", penalty_alpha: 0.6, top_k: 4, do_sample: false }, { tab: "training" }]) {
      const event = await ran({ ...setting, ...params }, { model });
      expect([JSON.stringify(params), event.type, sentence(event)]).toEqual([JSON.stringify(params), "invalid", expect.stringMatching(/The logits hold NaN or infinity/) as string]);
      expect(remedies(event)).toEqual(["modelFolder", "builtInModel"]);
    }
    const { compare } = traceOf(await ran({ ...setting, tab: "compare" }, { model }));
    for (const { problem, finish } of compare!.strategies) expect([problem && format(problem), finish]).toEqual(["The logits hold NaN or infinity, which have no softmax. Choose another model.", "invalid"]);
  });
});

describe("numbers at their limits", () => {
  const first = async (text: string, params: Values = {}) => {
    const event = await ran({ source: "given", do_sample: true, ...params }, { source: numbers(text) });
    const { explore } = traceOf(event);
    return { kept: explore!.at[0].kept.at(-1), ids: Array.from(explore!.ids), finish: explore!.finish, told: sentence(event), fixes: remedies(event), title: traceOf(event) };
  };

  test.each<[string, Values, number, number[]]>([
    ["[4]", {}, 1, [0]],
    ["[4]", { top_k: 5, top_p: 0.1, min_p: 1, typical_p: 0.01 }, 1, [0]],
    ["[-inf, 2, -inf]", { temperature: 100 }, 1, [1]],
    ["[3, 2, 1]", { top_p: 0 }, 1, [0]],
    ["[3, 2, 1]", { top_p: 1, top_k: 0 }, 3, [0]],
    ["[3, 2, 1]", { top_k: 1_000_000 }, 3, [0]],
    ["[3, 2, 1]", { temperature: 0.01 }, 3, [0]],
  ])("%s with %j", async (text, params, kept, ids) => {
    expect(await first(text, params)).toMatchObject({ kept, ids, finish: "length" });
  });

  test("whose last token is forbidden leave none, which is said", async () => {
    const event = await ran({ source: "given", bad_words: "b;a" }, { source: numbers('{"a": 1, "b": 2}') });
    const { explore } = traceOf(event);
    expect([explore!.finish, explore!.at[0].kept.at(-1)]).toEqual(["no token", 0]);
    expect(sentence(event)).toMatch(/no token is left: every one was removed/);
  });

  test("that sum to something else can be normalised", async () => {
    expect(await first("[0.5, 0.2]")).toMatchObject({ told: "The probabilities sum to 0.7, not to 1. Normalise them, or take the numbers as logits.", fixes: ['{"given":"normalised"}', '{"given":"logits"}'] });
  });

  test.each<[string, RegExp]>([
    ["[1, NaN]", /^Number 2 is NaN/], ["[-inf, -inf]", /^No token is possible: there is no logit/], ["[0, 0]", /^No token is possible: all probabilities are 0/], ["none", /^No numbers are selected/],
  ])("%s are refused, with the model to take instead", async (text, words) => {
    const event = await ran({ source: "given" }, { source: numbers(text) });
    expect([event.type, sentence(event)]).toEqual(["invalid", expect.stringMatching(words) as string]);
    expect(remedies(event)).toContain('{"source":"model"}');
  });
});

test.each<[Values, RegExp]>([
  [{ temperature: 0 }, /^temperature must be above 0/], [{ temperature: -1 }, /^temperature must be above 0, not −1/], [{ temperature: NaN }, /temperature/], [{ top_p: 1.5 }, /top_p/], [{ top_k: -3 }, /top_k/],
  [{ max_new_tokens: 0 }, /max_new_tokens/],
])("%j is refused in a sentence", async (params, words) => {
  const event = await ran(params, { model: { kind: "folder", uri: "file:///built-in", name: "", path: builtIn } });
  expect([event.type, sentence(event)]).toEqual(["invalid", expect.stringMatching(words) as string]);
});
