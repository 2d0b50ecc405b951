import path from "node:path";
import { describe, expect, test } from "vitest";
import { buildAll } from "../../../esbuild.mjs";
import { layerProblem } from "../../../scripts/layerRule.mjs";
import { root } from "../../../scripts/lib/paths.mjs";

const problem = (from: string, source: string, typeOnly = false) => layerProblem(path.join(root, "src", from), source, typeOnly);

describe("the layer rule", () => {
  test.each([
    ["core/mixture/em.ts", "vscode", false],
    ["core/mixture/em.ts", "node:fs", false],
    ["core/mixture/em.ts", "d3", false],
    ["core/mixture/em.ts", "../../webview/view.js", true],
    ["core/mixture/em.ts", "../../extension/main.js", false],
    ["core/contract/trace.ts", "../math/softmax.js", true],
    ["webview/main.ts", "vscode", true],
    ["webview/main.ts", "node:path", false],
    ["webview/main.ts", "../core/registry.js", false],
    ["webview/main.ts", "../extension/panel.js", true],
    ["webview/mixture/view.ts", "@vscode/webview-ui-toolkit", false],
    ["extension/main.ts", "../core/mixture/em.js", false],
    ["extension/main.ts", "../core/registry.js", false],
    ["extension/main.ts", "../webview/main.js", false],
    ["extension/main.ts", "d3", false],
    ["extension/worker/main.ts", "../../core/mixture/em.js", false],
    ["extension/worker/main.ts", "vscode", false],
  ])("%s does not import %s", (from, source, typeOnly) => {
    expect(problem(from, source, typeOnly)).toContain(source);
  });

  test.each([
    ["core/mixture/em.ts", "../math/softmax.js", false],
    ["core/formats/columns.ts", "mathjs", false],
    ["core/contract/index.ts", "./trace.js", false],
    ["core/registry.ts", "./mixture/explainer.js", false],
    ["webview/main.ts", "../core/registry.js", true],
    ["webview/mixture/view.ts", "../../core/mixture/density.js", false],
    ["webview/controls/form.ts", "@vscode/webview-ui-toolkit", false],
    ["extension/session.ts", "../core/protocol.js", false],
    ["extension/session.ts", "../core/contract/index.js", false],
    ["extension/session.ts", "vscode", false],
    ["extension/worker/main.ts", "../../core/registry.js", false],
    ["extension/worker/drive.ts", "node:worker_threads", false],
  ])("%s may import %s", (from, source, typeOnly) => {
    expect(problem(from, source, typeOnly)).toBeUndefined();
  });
});

describe("the bundles", () => {
  test("hold only what their layer may hold", async () => {
    const { outputs } = await buildAll({ write: false });
    const inputsOf = (file: string) => Object.keys(outputs[file]?.inputs ?? {});
    const outside = (file: string, forbidden: RegExp) => inputsOf(file).filter((input) => forbidden.test(input));

    for (const file of ["dist/extension.js", "dist/languages.js", "dist/worker.js", "dist/calculation.js", "dist/crew.js", "dist/webview.js", "dist/tensors.js"]) expect(inputsOf(file)).not.toEqual([]);
    expect(outside("dist/extension.js", /^src\/(webview|core\/(?!contract\/|protocol\.ts|formats\/(numericLiterals|looks)\.ts|vectors\/files\/wordsNames\.ts|decoding\/(config\/|(params|promptText)\.ts)|models\/((isModelFile|ngram\/isTextFile)\.ts|shape\/)|text\/(byteText|numberText)\.ts))|node_modules/)).toEqual([]);
    // What JSON and Python need is read with their first document, not at activation.
    expect(outside("dist/extension.js", /^src\/(core\/(decoding\/config|models\/shape)\/|extension\/editor\/(languages|generation|modelConfig|textLints))/)).toEqual([]);
    expect(outside("dist/languages.js", /^src\/(webview|extension\/(main|commands|session)\.ts|core\/(?!contract\/|protocol\.ts|formats\/settings\/|decoding\/(config\/|params\.ts)|models\/shape\/|text\/))|node_modules/)).toEqual([]);
    expect(inputsOf("dist/worker.js")).toEqual(["src/extension/worker/start.ts"]);
    const calculation = Object.keys(outputs).filter((file) => /^dist\/calculation(\/.*)?\.js$/.test(file));
    for (const file of calculation) expect(outside(file, /^src\/(webview|extension\/(?!worker\/))|node_modules\/(d3|@vscode)/)).toEqual([]);
    // What the worker reads before it is ready: no subject, no file format and no package.
    const readWith = (entry: string): string[] => {
      const files = new Set([entry]);
      for (const file of files) for (const each of outputs[file].imports) if (each.kind === "import-statement" && !each.external) files.add(each.path);
      return [...files].flatMap(inputsOf);
    };
    const read = readWith("dist/calculation.js");
    expect(read).toContain("src/core/kernels/choose.ts");
    expect(read.filter((input) => /\/(mixture|vectors|decoding|attention)\/explainer\.ts$|Desk\.ts$|^src\/core\/(mixture|decoding|attention|expressions)\/|node_modules/.test(input))).toEqual([]);
    // What a first fit reads: nothing that only formulas need.
    const mixture = Object.keys(outputs).find((file) => outputs[file].entryPoint === "src/core/mixture/explainer.ts")!;
    expect(readWith(mixture).filter((input) => /node_modules\/mathjs\//.test(input))).toEqual([]);
    for (const file of ["dist/webview.js", "dist/tensors.js"]) {
      expect(outside(file, /^src\/(extension|core\/registry\.ts)|node_modules\/(react|mathjs|fflate)\//)).toEqual([]);
    }
    for (const file of ["dist/worker.js", ...calculation]) expect(outputs[file]?.imports.map((each) => each.path)).not.toContain("vscode");
  });
});
