import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { holdsStates, namedArraysAt, proseSpan } from "../../../src/extension/attention/attentionInText.js";
import { wordListCount } from "../../../src/extension/editor/comparable.js";

const samples = path.join(import.meta.dirname, "../../../samples");
const sample = (file: string) => readFileSync(path.join(samples, file), "utf8");
const found = (text: string) => {
  const at = namedArraysAt(text);
  return at === undefined ? undefined : text.slice(at, at + 9);
};

describe("named arrays", () => {
  test("are found where they begin, in JSON and in programs", () => {
    expect(found('{"tokens": ["a"], "attention": [[[0.5]]]}')).toBe('"attentio');
    expect(found("x = 1\nQ = np.array([[1, 2]])\n")).toBe("Q = np.ar");
    expect(found("attn_weights = torch.tensor([\n  [0.1, 0.9]])")).toBe("attn_weig");
    expect(found('{"encoder_states": [[1]], "decoder_states": [[2]]}')).toBe('"encoder_');
  });

  test("are no other numbers, settings or single lists", () => {
    for (const text of ['{"faq": [[1, 2]]}', '{"attention_probs_dropout_prob": 0.1}', "q = [1, 2, 3]", "points = [[1, 2], [3, 4]]", "seq = [[1]]", '{"encoder": {"layers": 6}}']) {
      expect(found(text), text).toBeUndefined();
    }
    expect(namedArraysAt(`${" ".repeat(600_000)}Q = [[1]]`)).toBeUndefined();
  });

  test("of the samples are those of attention", () => {
    const files = readdirSync(samples).filter((file) => !file.endsWith(".npy") && file !== "README.md" && file !== "index.json");
    expect(files.filter((file) => namedArraysAt(sample(file)) !== undefined)).toEqual(["attention.json", "qkv.py", "states.json"]);
    expect(files.filter((file) => holdsStates(sample(file)))).toEqual(["states.json"]);
    expect(files.filter((file) => file.endsWith(".txt") && wordListCount(sample(file)) === 0 && proseSpan(sample(file)))).toEqual(["attention.txt", "books.txt", "prompt.txt"]);
  });
});

test("states are those of an encoder and of a decoder, both", () => {
  expect(holdsStates("enc = [[1, 2]]\ndec = [[3, 4]]")).toBe(true);
  expect(holdsStates('{"source_states": [[1]], "target_states": [[2]]}')).toBe(true);
  expect(holdsStates("encoder = [[1, 2]]")).toBe(false);
  expect(holdsStates("encoding = [[1]]\ndecoding = [[2]]")).toBe(false);
});

describe("prose", () => {
  test("is a short text of sentences, in any script, without the blanks around it", () => {
    expect(proseSpan("\n  The old king, he slept.\r\n")).toEqual({ start: 3, end: 26 });
    expect(proseSpan("今天天气很好。")).toEqual({ start: 0, end: 7 });
    expect(proseSpan("Qu’est-ce que tu fais")).toBeDefined();
  });

  test("is neither a list, nor what programs read, nor a long text", () => {
    for (const text of ["", " \n", "king", "# what it needs to run\nnumpy==2.1\ntorch>=2.0 # pinned for the old cluster\n", "add_executable(lumen main.cpp)\n", "User-agent: *\nDisallow: /private/\n", "king\nqueen\nman woman\n"]) {
      expect(proseSpan(text), text).toBeUndefined();
    }
    expect(proseSpan("and so it went on ".repeat(200))).toBeUndefined();
  });
});
