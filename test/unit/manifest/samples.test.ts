import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { checkParams, type AnyExplainer, type ByteSource, type Env, type Source, type TextSource } from "../../../src/core/contract/index.js";
import { readBlocks } from "../../../src/core/decoding/config/index.js";
import { readFormulas } from "../../../src/core/expressions/formulas.js";
import { makeInflater } from "../../../src/core/formats/inflater.js";
import { isModelFile } from "../../../src/core/models/isModelFile.js";
import { loadModel } from "../../../src/core/models/loadModel.js";
import { loadSeq2seq } from "../../../src/core/models/seq2seq.js";
import { readModelFile } from "../../../src/core/models/shape/index.js";
import { explainers } from "../../../src/core/registry.js";
import { documentVectors } from "../../../src/core/vectors/document/documentVectors.js";
import { readVectorFile } from "../../../src/core/vectors/files/readVectorFile.js";
import { manifest, root, samples, sourcesIn, visit } from "./repository.js";

await readFormulas();
const all: readonly AnyExplainer[] = await Promise.all(Object.values<() => Promise<AnyExplainer>>(explainers).map((load) => load()));

/** The built-in word vectors, as the worker attaches them. */
function* builtIn(): ReturnType<NonNullable<Env["vectors"]>["read"]> {
  const folder = path.join(root, "media/models/word-vectors");
  const beside = new Map([["words.txt", bytesOf(path.join(folder, "words.txt"))]]);
  return yield* readVectorFile({ name: "vectors.npy", bytes: bytesOf(path.join(folder, "vectors.npy")), beside }, { makeInflater });
}

/** The built-in language model, likewise. */
function* builtInModel(): ReturnType<NonNullable<Env["model"]>["read"]> {
  const folder = path.join(root, "media/models/tiny-gpt2");
  return yield* loadModel(new Map(readdirSync(folder).filter(isModelFile).map((name) => [name, bytesOf(path.join(folder, name))])), "tiny-gpt2");
}

/** The small encoder-decoder, likewise. */
function* builtInSequence(): ReturnType<NonNullable<Env["sequenceModel"]>["read"]> {
  const folder = path.join(root, "media/models/tiny-seq2seq");
  return yield* loadSeq2seq(new Map(["config.json", "model.safetensors"].map((name) => [name, bytesOf(path.join(folder, name))])), "tiny-seq2seq");
}

const env: Env = { random: () => 0.5, stopping: () => false, now: () => 0, vectors: { name: "", read: builtIn }, model: { name: "", read: builtInModel }, sequenceModel: { name: "", read: builtInSequence } };

function bytesOf(file: string): ByteSource {
  const bytes = readFileSync(file);
  return { size: bytes.length, read: (offset, length) => new Uint8Array(bytes.subarray(offset, offset + length)) };
}

function sourceOf(file: string): Source {
  const place = path.join(root, "samples", file);
  const uri = `file:///samples/${file}`;
  if (file.endsWith(".npy")) return { kind: "bytes", uri, name: file, bytes: bytesOf(place) };
  return { kind: "text", uri, name: file, languageId: languageOf(file), text: readFileSync(place, "utf8"), ranges: [] };
}

/** The language that VS Code without other extensions gives a file. */
function languageOf(file: string): string {
  const languages: Record<string, string> = { ".json": "json", ".py": "python", ".md": "markdown" };
  return languages[path.extname(file)] ?? "plaintext";
}

function finish<T>(steps: Generator<unknown, T, void>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

describe("the gallery", () => {
  test("is of files that are there, each described in samples/README.md", () => {
    const readme = readFileSync(path.join(root, "samples/README.md"), "utf8");
    const files = readdirSync(path.join(root, "samples")).filter((file) => file !== "README.md" && file !== "index.json");
    expect([...new Set(samples.map(({ file }) => file))].sort()).toEqual(files.sort());
    expect(files.filter((file) => !readme.includes(`\`${file}\``))).toEqual([]);
  });

  test("begins with the article's numbers, as published and as scikit-learn would", () => {
    const [published, defaults] = samples;
    expect([published.file, defaults.file]).toEqual(["em1d.csv", "em1d.csv"]);
    expect(published.params).toMatchObject({ init_params: "given", stop_rule: "as-published", tol: 1e-6, n_components: 2 });
    expect(defaults.params).toMatchObject({ init_params: "k-means++", stop_rule: "lower_bound", tol: 1e-3, n_init: 1 });
  });

  test.each(samples.filter(({ explainer }) => explainer === undefined))("$title: holds vectors, generation parameters or a model's sizes to point at", ({ file, params }) => {
    const { text, languageId } = sourceOf(file) as TextSource;
    const model = readModelFile(text, languageId, file) ? 1 : 0;
    expect(finish(documentVectors(text, languageId)).n + readBlocks(text, languageId, file).length + model).toBeGreaterThan(0);
    expect(params).toBeUndefined();
  });

  test("has titles of its own", () => {
    expect(new Set(samples.map(({ title }) => title)).size).toBe(samples.length);
  });

  test.each(samples.filter(({ explainer }) => explainer !== undefined))("$title: can be read and fitted with its parameters", ({ file, explainer: id, params: values = {} }) => {
    const explainer = all.find((each) => each.id === id)!;
    const { params, problems } = checkParams(explainer.params, values);
    expect(problems).toEqual([]);
    expect(Object.keys(values).filter((name) => !(name in explainer.params))).toEqual([]);
    const parsed = finish(explainer.parse(sourceOf(file)));
    expect(parsed).toMatchObject({ ok: true });
    if (!parsed.ok) return;
    expect(finish(explainer.run(parsed.input, params as never, env))).toMatchObject({ ok: true });
  });
});

describe("every explainer", () => {
  test.each(all.map(({ id, example }) => [id, example]))("%s has an example among the samples", (id, example) => {
    expect(existsSync(path.join(root, "samples", example))).toBe(true);
    expect(samples.some(({ file, explainer }) => file === example && explainer === id)).toBe(true);
  });

  test("has a command, in the manifest and in the editor's submenu", () => {
    const commandOf = new Map<string, string>();
    visit(sourcesIn("src/extension").find(({ fileName }) => fileName.endsWith("/subjects.ts"))!, (node) => {
      if (!ts.isObjectLiteralExpression(node)) return;
      const text = (name: string) => {
        const property = node.properties.find((each) => each.name?.getText() === name);
        return property && ts.isPropertyAssignment(property) && ts.isStringLiteralLike(property.initializer) ? property.initializer.text : undefined;
      };
      const [id, command] = [text("explainer"), text("command")];
      if (id && command) commandOf.set(id, command);
    });
    expect([...commandOf.keys()].sort()).toEqual(all.map(({ id }) => id).sort());
    for (const command of commandOf.values()) {
      expect(manifest.contributes.commands.map((each) => each.command)).toContain(command);
      expect(manifest.contributes.menus["lumen.editor"].map((each) => each.command)).toContain(command);
    }
  });

  test("is compared only with samples of explainers that exist", () => {
    expect(samples.filter(({ explainer }) => explainer !== undefined && !all.some(({ id }) => id === explainer))).toEqual([]);
  });
});
