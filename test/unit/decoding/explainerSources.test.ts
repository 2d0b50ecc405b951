import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { readGiven } from "../../../src/core/decoding/runGiven.js";
import type { DecodingParams } from "../../../src/core/decoding/params.js";
import { inputOf, pieceIn, problemsFor, run, tiny, traceFor } from "./explainerSupport.js";

const given = (text: string, patch: Partial<DecodingParams> = {}) => traceFor({ source: "given", top_k: 0, ...patch }, inputOf(text));
const sentences = (patch: Partial<DecodingParams>, ...input: Parameters<typeof inputOf>) => problemsFor(patch, inputOf(...input)).map(({ message }) => format(message));

describe("an n-gram model of the document", () => {
  const text = "the cat sat on the mat. the dog sat on the log. ".repeat(30);

  test("goes on with the document's words, and is trained once", () => {
    const input = inputOf(text);
    const first = run({ source: "words", do_sample: false, max_new_tokens: 12 }, input);
    expect(first.steps.some(({ message }) => message.text === "Counting n-grams")).toBe(true);
    const again = run({ source: "words", do_sample: false, max_new_tokens: 12 }, input);
    expect(again.steps.some(({ message }) => message.text === "Counting n-grams")).toBe(false);
    if (!again.outcome.ok) throw new Error("It does not run.");
    const { trace } = again.outcome;
    expect(new Set(trace.explore!.text.match(/\w+/g))).toEqual(new Set(trace.explore!.text.match(/the|cat|sat|on|mat|dog|log/g)));
    expect(trace.source).toMatchObject({ kind: "words", hiddenSize: 0, contextLength: 0 });
  });

  test("has places for its prompt though blanks are no tokens of words", () => {
    const trace = traceFor({ source: "words", max_new_tokens: 1 }, inputOf(`${text}And  the cat`, "And  the cat"));
    const { spans, ids } = trace.prompt;
    expect(Array.from(ids, (_, i) => `${text}And  the cat`.slice(spans![2 * i], spans![2 * i + 1]))).toEqual(["And", "the", "cat"]);
  });

  test("of characters says what it does not know", () => {
    const { outcome } = run({ source: "characters", prompt: "the 秃", max_new_tokens: 5 }, inputOf(text));
    expect(outcome.problems.map(({ message }) => format(message))).toContain("1 of 5 tokens of the prompt do not occur in the text that was counted; they tell an n-gram model nothing.");
  });

  test("needs a document", () => {
    expect(problemsFor({ source: "words" }, inputOf(""))[0].fixes).toMatchObject([{ params: { source: "model" } }, { choose: "textFolder" }]);
  });
});

describe("given numbers", () => {
  test("3, 2, 1 show that the order of temperature and top_p matters", () => {
    const hf = given("[3, 2, 1]", { temperature: 0.5, top_p: 0.8 }).explore!;
    const llama = given("[3, 2, 1]", { temperature: 0.5, top_p: 0.8, order: "llama.cpp" }).explore!;
    const kept = ({ at: [{ ids, removedAt }] }: typeof hf) => Array.from(ids).filter((_, i) => removedAt[i] === 0);
    expect([kept(hf), kept(llama)]).toEqual([[0], [0, 1]]);
    expect(hf).toMatchObject({ other: { kept: 2 }, finish: "length" });
    expect([hf.ids.length, hf.at.length]).toEqual([1, 1]);
  });

  test.each([
    ["3 2 1", ["0", "1", "2"], [3, 2, 1]],
    ["3,\n2.5,\n\u22121e0", ["0", "1", "2"], [3, 2.5, -1]],
    ['{"the": 0.5, " a": 0.3, "\\n": 0.2}', ["the", " a", "\n"], [0.5, 0.3, 0.2].map(Math.log)],
    ["{'it\\'s': 1.5, \"b\": -inf}", ["it's", "b"], [1.5, -Infinity]],
    ["logits = [-Infinity, 2]", ["0", "1"], [-Infinity, 2]],
    ["7", ["0"], [7]],
  ])("are read from %s", (text, names, logits) => {
    const read = readGiven(text, "auto");
    expect(read.names).toEqual(names);
    expect(Array.from(read.logits)).toEqual(logits);
    expect(read.problems).toEqual([]);
  });

  test.each(["not json {", "", "{", "[[", '{"a":', "NaN", "∞", '{"a": {"b": [1, {"top_logprobs": [null]}]}}', '{"top_logprobs": []}', "'\\'"])("never throw: %s", (text) => {
    expect(() => readGiven(text, "auto")).not.toThrow();
  });

  test("of any text never throw", () => {
    fc.assert(fc.property(fc.string({ maxLength: 80 }), fc.constantFrom("auto", "logits", "normalised"), (text, take) => void readGiven(text, take as "auto")), { seed: 1, numRuns: 500 });
  });

  const completion = JSON.stringify({ choices: [{ text: " the", logprobs: { tokens: [" the"], token_logprobs: [-0.5], top_logprobs: [{ " the": Math.log(0.5), " a": Math.log(0.2), " it": Math.log(0.1) }] } }] });
  const chat = JSON.stringify({ choices: [{ logprobs: { content: [{ token: "the", logprob: Math.log(0.5), top_logprobs: [{ token: "the", logprob: Math.log(0.5) }, { token: "a", logprob: Math.log(0.2) }, { token: "it", logprob: Math.log(0.1) }] }] } }] });

  const sampled = JSON.stringify({ completion_probabilities: [{ token: "the", prob: 0.5, top_probs: [{ token: "the", prob: 0.5 }, { token: "a", prob: 0.2 }, { token: "it", prob: 0.1 }] }] });

  test.each([["completions", completion], ["chat", chat], ["llama.cpp, of probabilities", sampled]])("of a response of %s keep what it does not name as the rest", (_, text) => {
    const trace = given(text);
    const [at] = trace.explore!.at;
    expect(at.rest).toBeCloseTo(0.2, 12);
    expect(Array.from(at.ids, (id) => pieceIn(trace, id).trim())).toEqual(["the", "a", "it"]);
    [0.5, 0.2, 0.1].forEach((p, i) => expect(at.probabilities[i]).toBeCloseTo(p, 12));
    expect([at.tailKept[0], trace.source.vocabularySize]).toEqual([3, 3]);
    expect(at.tailMass[0]).toBeCloseTo(0.2, 12);
  });

  test("of a response of several places are those of the first, and that is said", () => {
    const place = (p: number) => ({ token: "x", top_logprobs: [{ token: "x", logprob: Math.log(p) }, { token: "y", logprob: Math.log(0.9 - p) }] });
    const chats = { choices: [{ logprobs: { content: [place(0.5), place(0.6), place(0.7)] } }] };
    const completions = { choices: [{ logprobs: { top_logprobs: [{ x: Math.log(0.5), y: Math.log(0.4) }, { x: -1 }, { x: -2 }] } }] };
    const llama = { completion_probabilities: [0.5, 0.6, 0.7].map((p) => ({ content: "x", probs: [], top_probs: [{ token: "x", prob: p }, { token: "y", prob: 0.9 - p }] })) };
    for (const response of [chats, completions, llama]) {
      const { logits, problems } = readGiven(JSON.stringify(response), "auto");
      expect(Math.exp(logits[0])).toBeCloseTo(0.5, 12);
      expect(problems.map(({ message }) => format(message))).toEqual([
        "The response has 3 places. The first is shown.",
        "The response names 2 tokens, which have 90% together. The rest is taken as one token.",
      ]);
    }
  });

  test("of a response are cut as the whole would be", () => {
    // Of the whole, 0.5 + 0.2 are not 0.75 yet; of the named alone they would be.
    const [at] = given(completion, { top_p: 0.75 }).explore!.at;
    expect(Array.from(at.removedAt)).toEqual([0, 0, 0]);
    const [cut] = given(completion, { top_k: 2 }).explore!.at;
    expect(Array.from(cut.removedAt)).toEqual([0, 0, 1]);
    expect(cut.tailKept[1]).toBe(0);
  });

  test("that do not sum to 1 can be normalised, or taken as logits", () => {
    const { outcome } = run({ source: "given" }, inputOf("[0.5, 0.3, 0.1]"));
    expect(outcome.problems.map(({ message }) => format(message))).toEqual(["The probabilities sum to 0.9, not to 1. Normalise them, or take the numbers as logits."]);
    expect(outcome.problems[0].fixes!.map(({ params }) => params)).toEqual([{ given: "normalised" }, { given: "logits" }]);
    expect(run({ source: "given", given: "normalised" }, inputOf("[0.5, 0.3, 0.1]")).outcome.problems).toEqual([]);
    expect(given("[0.5, 0.3, 0.1]", { given: "normalised" }).explore!.at[0].probabilities[0]).toBeCloseTo(5 / 9, 12);
    expect(given("[0.5, 0.3, 0.1]", { given: "logits" }).explore!.at[0].probabilities[0]).toBeCloseTo(1 / (1 + Math.exp(-0.2) + Math.exp(-0.4)), 12);
  });

  test("at their limits are drawn", () => {
    expect(given("[4]").explore!.at[0].probabilities).toEqual(new Float64Array([1]));
    const equal = given("[2, 2, 2, 2]", { top_k: 1, top_p: 0.3 }).explore!;
    // Ties with the k-th stay, as in transformers; then top_p takes those with the lowest ids first.
    expect(Array.from(equal.at[0].kept)).toEqual([4, 4, 2]);
    const single = given("[-inf, -inf, 5]").explore!;
    expect([single.ids[0], single.probability[0]]).toEqual([2, 1]);
    expect(given("[3, 2, 1]", { top_p: 0 }).explore!.at[0].kept.at(-1)).toBe(1);
    expect(given("[3, 2, 1]", { top_k: 99 }).explore!.at[0].kept.at(-1)).toBe(3);
    expect(given("[3, 2, 1]", { temperature: 0.01 }).explore!.probability[0]).toBe(1);
  });

  test("keep the digits of a tail that is next to nothing", () => {
    const [at] = given("[20, 1, 1, 1, 1, 0, 0, 0]", { listed: 5, temperature: 0.5 }).explore!.at;
    const sum = (t: number) => Math.exp(20 / t) + 4 * Math.exp(1 / t) + 3;
    expect(at.tailMass[0] / (3 / sum(1))).toBeCloseTo(1, 9);
    expect(at.tailMass[1] / (3 / sum(0.5))).toBeCloseTo(1, 9);
    expect(Array.from(at.tailKept)).toEqual([3, 3]);
  });

  test("that have no softmax are refused with a remedy", () => {
    const refusal = (text: string) => sentences({ source: "given" }, text)[0];
    expect(refusal("[1, NaN]")).toBe("Number 2 is NaN, which has no softmax. Replace it.");
    expect(refusal("[Infinity, 1]")).toBe("Number 1 is Infinity, which has no softmax. Replace it.");
    expect(refusal("[-inf, -inf]")).toBe("No token is possible: there is no logit above −Infinity. Give at least one.");
    expect(refusal("[0, 0]")).toBe("No token is possible: all probabilities are 0. Give at least one.");
    expect(refusal("none here")).toContain("No numbers are selected.");
    for (const [text, given] of [["[0, 0]", "auto"], ["[3, -2]", "normalised"]] as const) {
      const [{ fixes }] = problemsFor({ source: "given", given }, inputOf(text));
      expect(fixes!.map(({ params }) => params)).toEqual([{ given: "logits" }, { source: "model" }]);
      expect(run({ source: "given", ...(fixes![0].params as Partial<DecodingParams>) }, inputOf(text)).outcome.ok).toBe(true);
    }
  });

  test("that look like probabilities are not taken as logits in silence", () => {
    const remarks = (text: string, given: DecodingParams["given"]) => run({ source: "given", given }, inputOf(text)).outcome.problems;
    expect(remarks("[0.5, 0.3, 0.2]", "logits")).toMatchObject([{ severity: "warning", fixes: [{ params: { given: "auto" } }] }]);
    for (const [text, given] of [["[0.5, 0.3, 0.2]", "auto"], ["[3, 2, 1]", "logits"]] as const) expect(remarks(text, given)).toEqual([]);
  });

  test("are of one place only", () => {
    for (const tab of ["search", "compare", "training"] as const) expect(sentences({ source: "given", tab }, "[3, 2, 1]")[0]).toContain("can't be gone on from");
  });

  test("know the words of a prompt that have numbers", () => {
    const { explore, prompt } = given('{"sea": 2, "snow": 1.5, "ice": 1}', { prompt: "the sea, the sea", repetition_penalty: 2 });
    expect(Array.from(prompt.ids)).toEqual([0, 0]);
    expect(Array.from(explore!.at[0].scores.slice(3))).toEqual([1, 1.5, 1]);
  });
});

describe("a server", () => {
  test("that answered is drawn under its name", () => {
    const text = JSON.stringify({ choices: [{ logprobs: { top_logprobs: [{ " the": -0.1 }] } }] });
    expect(traceFor({ source: "server" }, inputOf(), { server: { ok: true, name: "localhost:8080", text } }).source).toMatchObject({ kind: "server", name: "localhost:8080", vocabularySize: 1 });
  });

  test("that did not answer is a problem", () => {
    const problem = { severity: "error", message: { text: "It hangs.", args: [] } } as const;
    expect(problemsFor({ source: "server" }, inputOf(), { server: { ok: false, name: "x", problem } })).toEqual([problem]);
    expect(sentences({ source: "server" })[0]).toContain("No server was asked.");
  });
});

describe("without a model", () => {
  test("another source is offered", () => {
    expect(problemsFor({}, inputOf(), { model: undefined })[0].fixes![0].params).toEqual({ source: "words" });
  });

  test("what is wrong with its folder is told", () => {
    const problem = { severity: "error", message: { text: "Shards are missing.", args: [] } } as const;
    // eslint-disable-next-line require-yield -- nothing is read
    const read = function* () {
      return { ok: false as const, problems: [problem] };
    };
    const [told] = problemsFor({}, inputOf(), { model: { name: "own", read } });
    expect(told).toMatchObject(problem);
    expect(told.fixes?.map(({ choose }) => choose)).toEqual(["modelFolder", "builtInModel"]);
  });
});

test("a model without a tokenizer asks for token ids where the prompt has none", () => {
  const own = (bos: number | undefined) => {
    // eslint-disable-next-line require-yield -- it was read before
    const read = function* () {
      return { ok: true as const, input: { ...tiny, tokenizer: undefined, bos }, problems: [] };
    };
    return { model: { name: "own", read } };
  };
  const told = (prompt: string, bos?: number) => run({ prompt, max_new_tokens: 1 }, inputOf(), own(bos)).outcome.problems.map(({ message }) => format(message));
  expect(told("The old king")).toEqual(["The prompt has no token ids from 0 to 2047. Type some, such as 1 2 3."]);
  expect(told("The old king", 0)[0]).toBe("The prompt has no token ids from 0 to 2047, so that the text begins from the model's start token.");
  expect(told(" ")).toEqual(["The prompt is empty. Type one, or select text."]);
  expect(told("1 2 3")).toEqual([]);
});
