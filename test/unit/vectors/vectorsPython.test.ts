import { describe, expect, test } from "vitest";
import { heatmapPython, mapPython, neighboursPython, stripsPython } from "../../../src/core/vectors/python.js";
import { oneHotPython } from "../../../src/core/vectors/pythonOneHot.js";
import { gensimLines, readingLines } from "../../../src/core/vectors/pythonStore.js";
import { matrix, names, number, quote, row } from "../../../src/core/text/pythonText.js";
import { metrics } from "../../../src/core/vectors/similarity.js";
import { builtInStore, fileOf, paramsOf, textOf, traceOf } from "./support.js";

const company = "king queen man woman wine";

describe("numbers and names as Python", () => {
  test("read back exactly", () => {
    expect([1, -2, 0.1, 1e-9, 1e300, NaN, Infinity, -Infinity].map(number)).toEqual(["1.0", "-2.0", "0.1", "1e-9", "1e+300", "np.nan", "np.inf", "-np.inf"]);
    // The shortest that single precision reads as the same.
    expect(row(Float32Array.of(0.1, -2.5, 1 / 3))).toBe("[0.1, -2.5, 0.33333334]");
    for (const value of Float32Array.from({ length: 500 }, (_, i) => Math.sin(i) * 10 ** ((i % 9) - 4))) expect(Math.fround(Number(row(Float32Array.of(value)).slice(1, -1)))).toBe(value);
    expect(row(Float64Array.of(0.1 + 0.2))).toBe("[0.30000000000000004]");
    expect(matrix(Float32Array.of(1, 2), 2, 1)).toBe("np.array([\n    [1.0],\n    [2.0],\n], dtype=np.float32)");
  });

  test("quote what would end a string", () => {
    expect(quote('a"b\\\n')).toBe('"a\\"b\\\\\\n"');
    expect(names(["a", "b"])).toBe('["a", "b"]');
    const many = names(Array.from({ length: 60 }, (_, i) => `word${i}`)).split("\n");
    expect(Math.max(...many.map((line) => line.length))).toBeLessThan(120);
  });
});

describe("programs", () => {
  test.each(metrics)("for the heatmap of %s hold the rows and Lumen's closest pair", (metric) => {
    const trace = traceOf(textOf(company), { metric });
    const code = heatmapPython(trace, trace.heatmap!, { name: "words.txt" });
    expect(code).toContain('names = ["king", "queen", "man", "woman", "wine"]');
    expect(code).toContain(`a, b = ${trace.heatmap!.closest!.a}, ${trace.heatmap!.closest!.b}`);
    expect(code).toContain(`S[a, b], ${number(trace.heatmap!.closest!.value)}`);
  });

  test("for many words look them up in the file of the store", () => {
    const words = builtInStore().words.slice(0, 300).join(" ");
    const trace = traceOf(textOf(words));
    const code = heatmapPython(trace, trace.heatmap!, { name: "list.txt" });
    expect(code).toContain('np.load("vectors.npy")');
    expect(code).toContain("X = vectors[[place[name] for name in names]]");
    expect(code.length).toBeLessThan(10_000);
  });

  test("for neighbours call gensim as the reader would", () => {
    const near = (query: string, more = {}) => {
      const trace = traceOf(textOf(company), { tab: "neighbours", query, topn: 3, ...more });
      return neighboursPython(trace, trace.neighbours!, { name: "words.txt" });
    };
    expect(near("king - man + woman", { method: "3CosAdd" })).toContain('kv.most_similar(positive=["king", "woman"], negative=["man"], topn=3)');
    expect(near("king - man + woman", { method: "3CosMul" })).toContain('kv.most_similar_cosmul(positive=["king", "woman"], negative=["man"], topn=3)');
    expect(near("king - 0.5 man")).toContain('vector = kv["king"] - 0.5 * kv["man"]\nfound = kv.similar_by_vector(vector, topn=5)\nown = {"king", "man"}');
    expect(near("king - 0.5 man", { method: "3CosAdd" })).toContain('kv.get_vector("king", norm=True) - 0.5 * kv.get_vector("man", norm=True)');
    expect(near("king", { exclude: false })).not.toContain("own");
    expect(near("king - man", { search: "rows" })).toContain("vector = X[0] - X[2]");
    expect(near("king - man")).toContain('expected = [("');
    expect(near("qqqq")).toBe("");
  });

  test("for a file read it by its name", () => {
    const trace = traceOf(fileOf("my vectors.txt", "a 1 0\nb 0 1\nc 1 1\n"), { tab: "neighbours", query: "a" });
    expect(neighboursPython(trace, trace.neighbours!, { name: "my vectors.txt" })).toContain('load_word2vec_format("my vectors.txt", binary=False, no_header=not header)');
    expect(gensimLines("x.bin")).toContain('kv = KeyedVectors.load_word2vec_format("x.bin", binary=True)');
    expect(gensimLines("").join("\n")).toMatch(/np\.load\("vectors\.npy"\)[^]*kv\.add_vectors\(words, vectors\)/);
    for (const name of ["x.npy", "x.npz", "x.safetensors", "x.json", "x.csv", "x.tsv"]) expect(readingLines(name).join("\n")).toMatch(/x\.\w+"[^]*words = /);
  });

  test("for one-hot rows hold the matrix, or name the file that holds it", () => {
    const { oneHot } = traceOf(textOf("秃 头 小 苏"), { tab: "onehot" });
    const code = oneHotPython(oneHot!);
    expect(code).toContain('words = ["秃", "头", "小", "苏"]');
    expect(code).toContain(`    ${row(oneHot!.q.subarray(0, 5))},`);
    expect(code).toContain("np.testing.assert_array_equal(X[i] @ Q, Q[i])");
    const many = traceOf(textOf(builtInStore().words.slice(0, 300).join(" ")), { tab: "onehot" }).oneHot!;
    expect(oneHotPython(many)).toContain('open("embedding-matrix.csv"');
  });

  test("for the map and the strips take the parameters", () => {
    const pca = traceOf(textOf(company), { tab: "map" });
    expect(mapPython(pca, pca.map!, paramsOf(), { name: "w.txt" })).toContain("PCA(n_components=");
    const tsne = { tab: "map", projection: "tsne", perplexity: 1.5, max_iter: 10 } as const;
    const trace = traceOf(textOf(company), tsne);
    expect(mapPython(trace, trace.map!, paramsOf(tsne), { name: "w.txt" })).toContain("TSNE(perplexity=1.5, random_state=0");
    expect(stripsPython([{ label: "a", values: [1, -3] }], 2)).toContain("vmin=-2.0, vmax=2.0");
  });
});
