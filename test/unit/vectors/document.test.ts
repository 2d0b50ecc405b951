import * as fc from "../../support/fastCheck.js";
import { describe, expect, test } from "vitest";
import { documentVectors } from "../../../src/core/vectors/document/documentVectors.js";
import { indexAt, vectorAt, type DocumentVectors } from "../../../src/core/vectors/document/vectorList.js";

function read(text: string, languageId: string): DocumentVectors {
  const steps = documentVectors(text, languageId);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Line, name and numbers of each vector. */
function listed(text: string, languageId: string): unknown[] {
  const found = read(text, languageId);
  return Array.from({ length: found.n }, (_, i) => [found.lines[i], found.names[i], [...vectorAt(found, i)]]);
}

describe("lists in JSON", () => {
  test("are named by their key", () => {
    expect(listed('{\n "king": [1, -2.5e-1],\n "queen":\n  [3,\n 4] }', "json")).toEqual([
      [2, "king", [1, -0.25]],
      [4, "queen", [3, 4]],
    ]);
  });

  test("are named by a sibling that spells the word, whichever comes first", () => {
    const text = '[{"word": "king", "vector": [1, 2]}, {"embedding": [3, 4], "text": "a \\"b\\""}, {"id": "x", "in": [1, 2], "out": [3, 4]}]';
    expect(listed(text, "json")).toEqual([
      [1, "king", [1, 2]],
      [1, 'a "b"', [3, 4]],
      [1, "x.in", [1, 2]],
      [1, "x.out", [3, 4]],
    ]);
  });

  test("are named by their place where nothing else names them", () => {
    expect(listed('{"data": [{"index": 0, "embedding": [1, 2]}, {"embedding": [3, 4]}], "m": [[5, 6], [[7, 8]]]}', "json")).toEqual([
      [1, "data[0].embedding", [1, 2]],
      [1, "data[1].embedding", [3, 4]],
      [1, "m[0]", [5, 6]],
      [1, "m[1][0]", [7, 8]],
    ]);
  });

  test("are named by a string before or within them", () => {
    expect(listed('[["king", [1, 2]], ["queen", 3, 4], ["a", "b", 5, 6]]', "json")).toEqual([
      [1, "king", [1, 2]],
      [1, "queen", [3, 4]],
    ]);
  });

  test("hold null as a missing number, and are none with other things in them", () => {
    expect(listed('{"a": [1, null, 3], "b": [1, true], "c": [1], "d": [], "e": [1, {"f": 2}], "g": ["1", "2"], "h": {"x": 1, "y": 2}}', "json")).toEqual([[1, "a", [1, NaN, 3]]]);
  });

  test("are found in half-typed text", () => {
    expect(listed('{"a": [1, 2], "b": [3, 4, "c": [5, 6]\n"d": [7, 8}', "json").slice(0, 2)).toEqual([
      [1, "a", [1, 2]],
      [1, "c", [5, 6]],
    ]);
  });
});

describe("lists in Python", () => {
  test.each<[string, unknown[]]>([
    ["king = [1, 2]", [[1, "king", [1, 2]]]],
    ["king = np.array([1., .5], dtype=np.float32)", [[1, "king", [1, 0.5]]]],
    ["self.w = torch.tensor([-1, +2])", [[1, "self.w", [-1, 2]]]],
    ["king: list[float] = [1, 2]", [[1, "king", [1, 2]]]],
    ['vectors["king"] = [1, 2]', [[1, "king", [1, 2]]]],
    ["vectors = {'king': [1, 2], 'queen': (3, 4)}", [[1, "king", [1, 2]], [1, "queen", [3, 4]]]],
    ["d = dict(king=[1, 2], queen=[3, 4])", [[1, "king", [1, 2]], [1, "queen", [3, 4]]]],
    ["m = np.array([[1, 2],\n  [3, 4]])", [[1, "m[0]", [1, 2]], [2, "m[1]", [3, 4]]]],
    ["point = (1, 2)", [[1, "point", [1, 2]]]],
    ["x = [np.float64(1.5), np.float64(-2.0)]", [[1, "x", [1.5, -2]]]],
    ["x = [float('nan'), -np.inf, 1e3]", [[1, "x", [NaN, -Infinity, 1000]]]],
    ["x = [1, 2]  # was [3, 4]", [[1, "x", [1, 2]]]],
    ['"""[1, 2]\n"""\nx = [3, 4]', [[3, "x", [3, 4]]]],
    ["f(1, 2)", []],
    ["x = [1 -2, 3]", []],
    ["x = [a, 1, 2]", []],
    ["x = [1, 2 * 3]", []],
    ["when = [2024-01-31, 2024-02-01]", []],
    ["x = a[1, 2]", [[1, "x", [1, 2]]]],
  ])("%s", (text, expected) => {
    expect(listed(text, "python")).toEqual(expected);
  });
});

describe("rows of plain text", () => {
  test.each<[string, unknown[]]>([
    ["king 0.5 -0.25 1e-3", [[1, "king", [0.5, -0.25, 0.001]]]],
    ["king 1 2\r\nqueen 3 4\rman 5 6\n", [[1, "king", [1, 2]], [2, "queen", [3, 4]], [3, "man", [5, 6]]]],
    ["2 3\nking 1 2 3\nqueen 4 5 6", [[2, "king", [1, 2, 3]], [3, "queen", [4, 5, 6]]]],
    [", 1 2 3\n[ 4 5 6\nking 7 8 9", [[1, ",", [1, 2, 3]], [2, "[", [4, 5, 6]], [3, "king", [7, 8, 9]]]],
    ["king\t1\t2", [[1, "king", [1, 2]]]],
    ["new york\t1\t2", [[1, "new york", [1, 2]]]],
    ["king;1,5;2", [[1, "king", [1.5, 2]]]],
    ["king, 1, 2", [[1, "king", [1, 2]]]],
    ["king: 1, 2", [[1, "king", [1, 2]]]],
    ["5.1, 3.5, 1.4, 0.2, setosa", [[1, "setosa", [5.1, 3.5, 1.4, 0.2]]]],
    ['"the king" 1 2 3 4 5 6 7 8', [[1, "the king", [1, 2, 3, 4, 5, 6, 7, 8]]]],
    ["1 2 3", [[1, "", [1, 2, 3]]]],
    ["king = [1, 2]", [[1, "king", [1, 2]]]],
    ["[ 1.  2.\n  3. ]", [[1, "", [1, 2, 3]]]],
    ["[[1 2]\n [3 4]]", [[1, "[0]", [1, 2]], [2, "[1]", [3, 4]]]],
    ["In 2019 there were 12 of 14.", []],
    ["It was 3, 4 or 5 of them, not 6.", []],
    ["He said (see 12, 14) so.\nking 1 2", [[2, "king", [1, 2]]]],
    ["(an unclosed bracket\nking 1 2", [[2, "king", [1, 2]]]],
    ["He's \"tall\nking 1 2", [[2, "king", [1, 2]]]],
  ])("%j", (text, expected) => {
    expect(listed(text, "plaintext")).toEqual(expected);
  });

  test("stand in Markdown beside its tables and lists", () => {
    const text = "# Two words\n\n| word | x | y |\n|---|--:|--:|\n| king | 1 | 2 |\n\n- 3 4\n\n```python\nqueen = [5, 6]\n```\n";
    expect(listed(text, "markdown")).toEqual([
      [5, "king", [1, 2]],
      [7, "", [3, 4]],
      [10, "queen", [5, 6]],
    ]);
  });
});

describe("rows of CSV", () => {
  test("are named by the column of text, whatever their quotes, gaps and numbers of words", () => {
    expect(listed('word,x,y\nking,1,2\n"queen, the ""first""",3,\n1990,5,6\n', "csv")).toEqual([
      [2, "king", [1, 2]],
      [4, "1990", [5, 6]],
    ]);
    expect(listed('x,y,z,word\n1,2,,"a\nb"\n3,4,5,c\n', "csv")).toEqual([
      [2, "a\nb", [1, 2, NaN]],
      [4, "c", [3, 4, 5]],
    ]);
  });

  test("have no number that only counts the rows", () => {
    expect(listed(",a,b\n0,1,2\n1,3,4\n", "csv")).toEqual([
      [2, "0", [1, 2]],
      [3, "1", [3, 4]],
    ]);
    expect(listed(",word,a,b\n0,king,1,2\n1,queen,3,4\n", "csv")).toEqual([
      [2, "king", [1, 2]],
      [3, "queen", [3, 4]],
    ]);
  });

  test("may hold the vector in one cell, and decimal commas", () => {
    expect(listed('word;v\nking;"[0.1, 0.2]"\nqueen;"[0.3, 0.4]"\n', "csv")).toEqual([
      [2, "king", [0.1, 0.2]],
      [3, "queen", [0.3, 0.4]],
    ]);
    expect(listed("king\t0,5\t1,5\nqueen\t2,5\t3,5\n", "tsv")).toEqual([
      [1, "king", [0.5, 1.5]],
      [2, "queen", [2.5, 3.5]],
    ]);
  });
});

const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer());
const vectors = fc.array(fc.tuple(fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 12 }), fc.array(number, { minLength: 2, maxLength: 20 })), { maxLength: 20 });
const word = fc.stringMatching(/^[a-zäé\u4e00-\u4e20]{1,8}$/);

describe("any document", () => {
  test("of JSON gives back its keys, and spans that slice back to the numbers", () => {
    fc.assert(
      fc.property(vectors, fc.constantFrom(0, 1, 2), (pairs, indent) => {
        const entries = [...new Map(pairs)];
        const text = JSON.stringify(Object.fromEntries(entries), null, indent);
        const order = Object.entries(JSON.parse(text) as Record<string, number[]>);
        const found = read(text, "json");
        expect(found.n).toBe(order.length);
        for (const [i, [name, numbers]] of order.entries()) {
          expect(found.names[i]).toBe(name);
          expect(Array.from(vectorAt(found, i))).toEqual(numbers.map((v) => v));
          expect(JSON.parse(text.slice(found.starts[i], found.ends[i]))).toEqual(numbers);
          expect(JSON.parse(`"${text.slice(found.nameStarts[i], found.nameEnds[i])}"`)).toBe(name);
          expect(indexAt(found, found.starts[i] + 1)).toBe(i);
          expect(indexAt(found, found.nameStarts[i])).toBe(i);
        }
      }),
    );
  });

  test("of rows gives back its words, and spans that slice back to the numbers", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.array(number, { minLength: 2, maxLength: 12 })), { maxLength: 12 }), fc.constantFrom("\n", "\r\n"), (rows, end) => {
        const text = rows.map(([name, numbers]) => `${name} ${numbers.join(" ")}`).join(end);
        const found = read(text, "plaintext");
        expect(found.n).toBe(rows.length);
        for (const [i, [name, numbers]] of rows.entries()) {
          expect(found.names[i]).toBe(name);
          expect(found.lines[i]).toBe(i + 1);
          expect(text.slice(found.starts[i], found.ends[i]).split(" ").map(Number)).toEqual(numbers.map((v) => Number(String(v))));
        }
      }),
    );
  });

  test("is read without an error, its vectors in order, apart, and made of what stands there", () => {
    const piece = fc.constantFrom("[", "]", "(", ")", "{", "}", ",", ";", ":", "=", " ", "\n", "\t", "|", '"', "'", "#", "1", "-2.5", "1e5", "nan", "king", "np.array(", "//", "/*", "\\", "…", "北");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.constantFrom("json", "python", "plaintext", "markdown", "csv", "tsv", "javascript"), (pieces, languageId) => {
        const text = pieces.join("");
        const found = read(text, languageId);
        for (let i = 0; i < found.n; i++) {
          expect(found.starts[i]).toBeGreaterThanOrEqual(i === 0 ? 0 : found.ends[i - 1]);
          expect(found.ends[i]).toBeLessThanOrEqual(text.length);
          expect(found.ends[i]).toBeGreaterThan(found.starts[i]);
          expect(found.offsets[i + 1] - found.offsets[i]).toBeGreaterThanOrEqual(2);
          expect(text.slice(found.starts[i], found.ends[i])).toMatch(/\d|nan/);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("is read in steps, and in time that grows with its length", () => {
    for (const hard of ["[".repeat(300_000), "(1 ".repeat(150_000), '"'.repeat(300_000), "{a:".repeat(100_000), "1,".repeat(200_000), "[1,2],".repeat(60_000)]) {
      for (const languageId of ["json", "plaintext", "csv"]) {
        const steps = documentVectors(hard, languageId);
        let count = 0;
        while (!steps.next().done) count++;
        expect(count).toBeGreaterThan(1);
      }
    }
  });
});
