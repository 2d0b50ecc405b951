import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Which layer of src/ a file belongs to, the most special first. `own` are the folders (of src/) it may import from at
 * run time, `types` those it may only import types from, `packages` the packages it may use.
 */
const layers = [
  {
    folder: "core/contract/",
    own: ["core/contract/"],
    types: [],
    packages: [],
    why: "core/contract is the vocabulary and imports nothing",
  },
  {
    folder: "core/",
    own: ["core/"],
    types: [],
    packages: ["mathjs", "fflate", "@huggingface/tokenizers", "umap-js"],
    why: "core is pure: it imports core and pure libraries only",
  },
  {
    folder: "extension/worker/",
    own: ["extension/worker/", "core/contract/", "core/protocol", "core/registry", "core/steps", "core/kernels/", "core/math/random", "core/formats/", "core/models/", "core/vectors/"],
    types: ["core/"],
    packages: ["node:"],
    why: "the worker imports its own files, node, core/contract, core/protocol, core/registry, core/steps, core/kernels, core/math/random, core/formats, core/models and core/vectors",
  },
  {
    folder: "extension/",
    // These are small and pure: asking the worker would start one for every file that is merely looked at.
    own: ["extension/", "core/contract/", "core/protocol", "core/formats/numericLiterals", "core/vectors/files/wordsNames", "core/decoding/config/", "core/decoding/promptText", "core/models/isModelFile", "core/models/ngram/isTextFile", "core/models/shape/"],
    types: [],
    packages: ["vscode", "node:"],
    why: "the extension imports its own files, vscode, node, core/contract, core/protocol, core/formats/numericLiterals, core/vectors/files/wordsNames, core/decoding/config, core/decoding/promptText, core/models/isModelFile, core/models/ngram/isTextFile and core/models/shape",
  },
  {
    folder: "webview/controls/",
    own: ["webview/", "core/"],
    types: [],
    packages: ["d3", "temml", "@vscode/webview-ui-toolkit"],
    why: "the webview imports its own files, d3, temml and core's pure functions",
  },
  {
    folder: "webview/",
    own: ["webview/", "core/"],
    types: [],
    packages: ["d3", "temml"],
    why: "the webview imports its own files, d3, temml and core's pure functions; the toolkit is for controls/ alone",
  },
];

/** Files that bring the whole core in: only the worker may import them at run time. */
const workerOnly = ["core/registry"];

/** @param {string} target @param {string[]} folders */
const within = (target, folders) => folders.some((f) => (f.endsWith("/") ? target.startsWith(f) : target === f));
/** @param {string} source @param {string[]} names */
const isPackage = (source, names) =>
  names.some((n) => (n.endsWith(":") ? source.startsWith(n) : source === n || source.startsWith(`${n}/`)));

/**
 * Says what is wrong with importing `source` from `file`, or undefined. Paths in `layers` are relative to src/.
 * @param {string} file
 * @param {string} source
 * @param {boolean} typeOnly
 * @returns {string | undefined}
 */
export function layerProblem(file, source, typeOnly) {
  const from = path.relative(path.join(root, "src"), file).replaceAll(path.sep, "/");
  const layer = layers.find((l) => from.startsWith(l.folder));
  if (!layer) return undefined;
  if (!source.startsWith(".")) {
    return isPackage(source, layer.packages) ? undefined : `"${source}" may not be imported here: ${layer.why}.`;
  }
  const target = path.posix.normalize(path.posix.join(path.posix.dirname(from), source)).replace(/\.[cm]?[jt]s$/, "");
  if (typeOnly && within(target, layer.types)) return undefined;
  const allowed = within(target, layer.own);
  const registry = within(target, workerOnly) && !typeOnly && !["core/", "extension/worker/"].includes(layer.folder);
  if (allowed && !registry) return undefined;
  const reason = registry && allowed ? "core/registry is imported at run time by the worker alone" : layer.why;
  return `"${source}" may not be imported here: ${reason}.`;
}

/** @type {import("eslint").Rule.RuleModule} ESLint rule: the layers of src/, checked on every import, re-export and dynamic import. */
export const layerRule = {
  meta: { type: "problem", schema: [], messages: { layer: "{{problem}}" } },
  create(context) {
    /** @param {any} node @param {boolean} typeOnly */
    const check = (node, typeOnly) => {
      if (typeof node.source?.value !== "string") return;
      const problem = layerProblem(context.filename, node.source.value, typeOnly);
      if (problem) context.report({ node, messageId: "layer", data: { problem } });
    };
    /** @param {any} node @param {"importKind" | "exportKind"} kind */
    const onlyTypes = (node, kind) =>
      node[kind] === "type" ||
      (node.specifiers?.length > 0 && node.specifiers.every((/** @type {any} */ each) => each[kind] === "type"));
    return {
      ImportDeclaration: (node) => check(node, onlyTypes(node, "importKind")),
      ExportNamedDeclaration: (node) => check(node, onlyTypes(node, "exportKind")),
      ExportAllDeclaration: (node) => check(node, onlyTypes(node, "exportKind")),
      ImportExpression: (node) => check(node, false),
    };
  },
};
