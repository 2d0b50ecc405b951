import { gensimLines, readingLines } from "./pythonStore.js";
import { matrix, names as nameList, number, quote, row } from "../text/pythonText.js";
import type { VectorParams } from "./params.js";
import type { Metric } from "./similarity.js";
import type { Evaluated, HeatmapPart, MapPart, NeighboursPart, Term, VectorsTrace } from "./trace.js";

export type PythonInfo = {
  /** The source's file name. */
  readonly name: string;
};

/** Up to so many numbers stand in the code; more are read from the file. */
export const MOST_WRITTEN = 20_000;

const METRICS: Readonly<Record<Metric, readonly string[]>> = {
  cosine: [
    "norms = np.linalg.norm(X, axis=1, keepdims=True)",
    "U = np.divide(X, norms, out=np.full_like(X, np.nan), where=norms > 0)  # a zero vector has no direction",
    "S = U @ U.T",
  ],
  dot: ["S = X @ X.T"],
  euclidean: ["S = np.stack([np.linalg.norm(X - x, axis=1) for x in X])"],
  manhattan: ["S = np.stack([np.abs(X - x).sum(axis=1) for x in X])"],
  pearson: ["S = np.corrcoef(X)"],
  spearman: ["from scipy.stats import rankdata", "", "S = np.corrcoef(rankdata(X, axis=1))"],
};

/** A program that computes the heatmap with numpy, and its clustering with scipy. */
export function heatmapPython(trace: VectorsTrace, part: HeatmapPart, info: PythonInfo): string {
  const { metric, closest, undefinedRows } = part;
  const distance = metric === "euclidean" || metric === "manhattan";
  const lines = ["# The same similarities with numpy.", "import numpy as np", "", ...dataLines(trace, info), "X = X.astype(float)", ...METRICS[metric], "", "print(S.round(4))"];
  if (trace.n > 2 && undefinedRows.length === 0) {
    lines.push(
      "",
      "# Groups by average linkage, as the dendrogram shows them.",
      "from scipy.cluster.hierarchy import leaves_list, linkage",
      "from scipy.spatial.distance import squareform",
      "",
      `distances = ${distance ? "S.copy()" : metric === "dot" ? "S.max() - S" : "np.clip(1 - S, 0, None)"}`,
      "np.fill_diagonal(distances, 0)",
      'tree = linkage(squareform(distances, checks=False), "average")',
      "print([names[i] for i in leaves_list(tree)])",
    );
  }
  if (closest) {
    lines.push("", "# Lumen's closest pair.", `a, b = ${closest.a}, ${closest.b}`, `np.testing.assert_allclose(S[a, b], ${number(closest.value)}, rtol=1e-5, atol=1e-6)`, 'print(names[a], names[b], S[a, b])');
  }
  return `${lines.join("\n")}\n`;
}

/** A program that shows rows and what is computed of them as strips with matplotlib. */
export function stripsPython(shown: readonly { readonly label: string; readonly values: ArrayLike<number> }[], scale: number): string {
  const d = shown[0]?.values.length ?? 0;
  const values = new Float64Array(shown.length * d);
  for (const [i, { values: own }] of shown.entries()) for (let j = 0; j < d; j++) values[i * d + j] = own[j];
  return [
    "# The same strips with matplotlib: red above zero, white at it, blue below.",
    "import matplotlib.pyplot as plt",
    "import numpy as np",
    "",
    `names = ${nameList(shown.map(({ label }) => label))}`,
    `X = ${matrix(values, shown.length, d)}`,
    "fig, axes = plt.subplots(figsize=(12, 0.4 * len(names) + 0.6))",
    `image = axes.imshow(X, aspect="auto", cmap="bwr", vmin=${number(-scale)}, vmax=${number(scale)}, interpolation="nearest")`,
    "axes.set_yticks(range(len(names)), names)",
    'axes.set_xlabel("dimension (from 0)")',
    "fig.colorbar(image)",
    "plt.show()",
    "",
  ].join("\n");
}

/** A program that asks gensim (or numpy, among the rows) the same question. */
export function neighboursPython(trace: VectorsTrace, part: NeighboursPart, info: PythonInfo): string {
  if (!part.answer.ok) return "";
  const { asked, names, scores } = part.answer;
  const file = trace.origin === "file" && part.search === "rows" ? info.name : (trace.store?.name ?? "");
  const gensim = part.search === "store" || trace.origin === "file";
  const lines = [
    `# What is nearest to ${part.query.replace(/\s+/g, " ").trim()}?`,
    "import numpy as np",
    "",
    ...(gensim ? gensimLines(file) : dataLines(trace, info)),
    "",
    ...(gensim ? gensimQuestion(trace, part, asked) : numpyQuestion(part, asked)),
    "for name, score in found:",
    '    print(f"{score:.4f}  {name}")',
  ];
  if (names.length > 0) {
    lines.push("", "# Lumen's answer.", `expected = [${names.map((name, i) => `(${quote(name)}, ${number(Number(scores[i].toPrecision(8)))})`).join(", ")}]`, "np.testing.assert_allclose([score for _, score in found], [score for _, score in expected], atol=1e-5)");
  }
  return `${lines.join("\n")}\n`;
}

function isWord(trace: VectorsTrace, { at }: Term): boolean {
  return at === "store" || (at === "rows" && trace.origin !== "vectors");
}

function partOf({ parts, values }: Evaluated, t: number): Float64Array {
  const d = values.length;
  return parts.subarray(t * d, (t + 1) * d);
}

/** The weighted sum as Python, such as `kv["king"] - kv["man"]`. */
function sumOf(terms: readonly Term[], term: (each: Term, t: number) => string): string {
  return terms.map((each, t) => {
    const size = Math.abs(each.weight);
    const sign = each.weight < 0 ? (t === 0 ? "-" : " - ") : t === 0 ? "" : " + ";
    return `${sign}${size === 1 ? "" : `${number(size)} * `}${term(each, t)}`;
  }).join("");
}

function gensimQuestion(trace: VectorsTrace, { method, exclude, topn }: NeighboursPart, asked: Evaluated): string[] {
  const { terms } = asked;
  const words = terms.every((term) => isWord(trace, term));
  const plain = words && terms.every(({ weight }) => Math.abs(weight) === 1);
  const positive = terms.filter(({ weight }) => weight > 0).map(({ name }) => quote(name));
  const negative = terms.filter(({ weight }) => weight < 0).map(({ name }) => quote(name));
  const given = `positive=[${positive.join(", ")}], negative=[${negative.join(", ")}]`;
  if (method === "3CosMul" && plain && exclude) return [`found = kv.most_similar_cosmul(${given}, topn=${topn})`];
  if (method === "3CosAdd" && plain && exclude && positive.length > 0) return [`found = kv.most_similar(${given}, topn=${topn})`];
  const own = `own = {${terms.filter((term) => isWord(trace, term)).map(({ name }) => quote(name)).join(", ")}}`;
  const left = exclude && terms.some((term) => isWord(trace, term));
  const taken = left ? [own, `found = [(word, score) for word, score in found if word not in own][:${topn}]`] : [];
  const vector = (unit: boolean) => (term: Term, t: number): string =>
    isWord(trace, term) ? (unit ? `kv.get_vector(${quote(term.name)}, norm=True)` : `kv[${quote(term.name)}]`) : `np.array(${row(partOf(asked, t))})`;
  if (method === "3CosMul") {
    const product = (list: readonly string[]): string => (list.length === 0 ? "1" : `np.prod([(1 + unit @ kv.get_vector(word, norm=True)) / 2 for word in [${list.join(", ")}]], axis=0)`);
    return [
      "unit = kv.get_normed_vectors()",
      `scores = ${product(positive)} / (${product(negative)} + 1e-6)`,
      `found = [(kv.index_to_key[i], scores[i]) for i in np.argsort(-scores)[:${topn + (left ? terms.length : 0)}]]`,
      ...taken,
    ];
  }
  return [`vector = ${sumOf(terms, vector(method === "3CosAdd"))}`, `found = kv.similar_by_vector(vector, topn=${topn + (left ? terms.length : 0)})`, ...taken];
}

function numpyQuestion({ method, exclude, topn }: NeighboursPart, asked: Evaluated): string[] {
  const { terms } = asked;
  const place = ({ at, index }: Term): boolean => at === "rows" && index >= 0;
  const vector = (term: Term, t: number): string => (place(term) ? `X[${term.index}]` : `np.array(${row(partOf(asked, t))})`);
  const lines = ["X = X.astype(float)", "unit = X / np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1e-300)"];
  if (method === "3CosMul") {
    const product = (sign: number): string => {
      const list = terms.filter(({ weight }) => weight * sign > 0).map((term) => vector(term, terms.indexOf(term)));
      return list.length === 0 ? "1" : `np.prod([(1 + unit @ (v / np.linalg.norm(v))) / 2 for v in [${list.join(", ")}]], axis=0)`;
    };
    lines.push(`scores = ${product(1)} / (${product(-1)} + 1e-6)`);
  } else {
    const scaled = (term: Term, t: number): string => (method === "3CosAdd" && term.at !== "numbers" ? `${vector(term, t)} / np.linalg.norm(${vector(term, t)})` : vector(term, t));
    lines.push(`vector = ${sumOf(terms, scaled)}`, "scores = unit @ (vector / np.linalg.norm(vector))");
  }
  const own = exclude ? terms.filter(place).map(({ index }) => index) : [];
  lines.push(`own = {${own.join(", ")}}`.replace("{}", "set()"), `order = [i for i in np.argsort(-scores) if i not in own and np.linalg.norm(X[i]) > 0][:${topn}]`, "found = [(names[i], scores[i]) for i in order]");
  return lines;
}

/** A program that makes the same map with scikit-learn or umap-learn. PCA is the same but for signs; the others are kin. */
export function mapPython(trace: VectorsTrace, part: MapPart, params: VectorParams, info: PythonInfo): string {
  const { projection, points, m } = part;
  const reading = points === "store" ? [...readingLines(trace.store?.name ?? ""), "X, names = vectors, words"] : dataLines(trace, info);
  const { perplexity, n_neighbors, min_dist, random_state, max_iter } = params;
  const seed = random_state % 2 ** 32;
  const made: Readonly<Record<MapPart["projection"], readonly string[]>> = {
    pca: [
      "from sklearn.decomposition import PCA", "", `pca = PCA(n_components=${Math.max(1, Math.min(part.explained.length, 10))}, svd_solver="full").fit(X)`, "Y = pca.transform(X)[:, :2]",
      'print("explained variance", pca.explained_variance_ratio_.round(4))',
      `np.testing.assert_allclose(pca.explained_variance_ratio_, ${row(part.explained)}, atol=1e-5)`,
    ],
    tsne: [
      "from sklearn.manifold import TSNE", "",
      "# The method is the same; starts and steps differ, so that the picture is a relative, not a copy.",
      `Y = TSNE(perplexity=${number(perplexity)}, random_state=${seed}, early_exaggeration=4, init="random").fit_transform(X)`,
    ],
    umap: [
      "import umap", "",
      "# The method is the same; starts and steps differ, so that the picture is a relative, not a copy.",
      `Y = umap.UMAP(n_neighbors=${n_neighbors}, min_dist=${number(min_dist)}, n_epochs=${max_iter}, random_state=${seed}).fit_transform(X)`,
    ],
  };
  return [
    `# The same map with ${projection === "umap" ? "umap-learn" : "scikit-learn"}.`, "import matplotlib.pyplot as plt", "import numpy as np", "",
    ...reading, ...(projection === "pca" ? [`X, names = X[:${m}].astype(float), names[:${m}]`] : directionLines(m)), "", ...made[projection], "",
    "plt.scatter(Y[:, 0], Y[:, 1], s=6)", "for name, (x, y) in list(zip(names, Y))[:200]:", "    plt.annotate(name, (x, y), fontsize=7)", "plt.show()", "",
  ].join("\n");
}

/** t-SNE and UMAP lay directions out, so that neighbours are those by cosine. */
function directionLines(m: number): string[] {
  return [
    "norms = np.linalg.norm(X.astype(float), axis=1)",
    `names = [name for name, norm in zip(names, norms) if norm > 0][:${m}]`,
    `X = (X[norms > 0] / norms[norms > 0, None])[:${m}]  # of length 1: neighbours are those by cosine`,
  ];
}

/** Lines that make `names` and `X` of the rows: written out where they are few, read from the file else. */
function dataLines(trace: VectorsTrace, { name }: PythonInfo): string[] {
  const { n, d, names, values, origin, store, total } = trace;
  const header = `# ${n} vectors of ${d} numbers${n < total ? `, the first of ${total}` : ""}.`;
  if (values && n * d <= MOST_WRITTEN) return [header, `names = ${nameList(names)}`, `X = ${matrix(values, n, d)}`];
  if (origin === "words") {
    return [header, ...readingLines(store?.name ?? ""), `names = ${nameList(names)}`, "place = {word: i for i, word in reversed(list(enumerate(words)))}", "X = vectors[[place[name] for name in names]]"];
  }
  if (origin === "file") return [header, ...readingLines(name), "finite = np.isfinite(vectors).all(axis=1)", `X = vectors[finite][:${n}]`, `names = [word for word, whole in zip(words, finite) if whole][:${n}]`];
  const exported = `${name.replace(/\.[^.]*$/, "") || "vectors"}-vectors.csv`;
  return [
    header, `# They stand in the text ${quote(name)}: export them as “All vectors (CSV)” in Lumen first, and give that file's name here.`,
    "import csv", "", `with open(${quote(exported)}, newline="", encoding="utf-8") as file:`, "    rows = list(csv.reader(file))[1:]",
    "names = [row[0] for row in rows]", "X = np.array([row[1:] for row in rows], dtype=float)",
  ];
}
