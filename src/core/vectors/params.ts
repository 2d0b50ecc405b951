import { msg, type ParamsOf } from "../contract/index.js";

/** Where a panel of vectors begins, and what may be changed. Names are scikit-learn's, gensim's and umap-learn's where they have one. */
export const vectorParams = {
  tab: {
    kind: "choice", default: "heatmap", hidden: true, label: "tab", help: msg("What to compute: each tab has its own."),
    options: [
      { value: "heatmap", label: msg("Heatmap") },
      { value: "strips", label: msg("Strips") },
      { value: "neighbours", label: msg("Neighbours") },
      { value: "map", label: msg("Map") },
      { value: "onehot", label: msg("One-hot") },
    ],
  },
  metric: {
    kind: "choice", default: "cosine", label: "metric", help: msg("How two vectors are compared."),
    options: [
      { value: "cosine", label: msg("cosine: the angle, whatever the lengths") },
      { value: "dot", label: msg("dot: the plain product") },
      { value: "euclidean", label: msg("euclidean: the straight distance") },
      { value: "manhattan", label: msg("manhattan: the sum of the differences") },
      { value: "pearson", label: msg("pearson: the cosine of the centred vectors") },
      { value: "spearman", label: msg("spearman: Pearson's of the ranks") },
    ],
  },
  rows: {
    kind: "int", min: 2, max: 5000, default: 500, label: "rows",
    help: msg("At most so many vectors are compared with one another: the first ones."),
  },
  query: {
    kind: "text", default: "", maxLength: 20000, hidden: true, label: "query",
    help: msg("A word, a list of numbers, or an expression such as king - man + woman."),
  },
  expressions: {
    kind: "text", default: "", maxLength: 20000, hidden: true, label: "expressions",
    help: msg("Rows computed from others, one a line or parted by semicolons, such as king - man."),
  },
  method: {
    kind: "choice", default: "sum", label: "method", help: msg("How an analogy is scored."),
    options: [
      { value: "sum", label: msg("sum: the cosine with the vector as it is written") },
      { value: "3CosAdd", label: msg("3CosAdd: each word at length 1 before the sum, as gensim's most_similar") },
      { value: "3CosMul", label: msg("3CosMul: the product of the cosines, as gensim's most_similar_cosmul") },
    ],
  },
  topn: { kind: "int", min: 1, max: 1000, default: 10, label: "topn", help: msg("How many neighbours are listed.") },
  exclude: {
    kind: "boolean", default: true, label: "leave out the words of the question",
    help: msg("Otherwise the answer is often a word that was put in."),
  },
  search: {
    kind: "choice", default: "auto", label: "search in", help: msg("Where neighbours are looked for."),
    options: [
      { value: "auto", label: msg("auto: the word vectors in use for words, else the vectors themselves") },
      { value: "rows", label: msg("rows: the vectors themselves") },
      { value: "store", label: msg("store: the word vectors in use") },
    ],
  },
  projection: {
    kind: "choice", default: "pca", label: "projection", help: msg("How many dimensions become two."),
    options: [
      { value: "pca", label: msg("PCA: the two directions of most variance, exact") },
      { value: "tsne", label: msg("t-SNE: neighbours stay neighbours, distances mean little") },
      { value: "umap", label: msg("UMAP: neighbours stay neighbours, more of the whole is kept") },
    ],
  },
  points: {
    kind: "choice", default: "rows", label: "points", help: msg("Which vectors the map shows."),
    options: [
      { value: "rows", label: msg("rows: the vectors of the source") },
      { value: "store", label: msg("store: all word vectors in use, the source's marked") },
    ],
  },
  map_rows: {
    kind: "int", min: 3, max: 1000000, default: 10000, label: "points laid out",
    help: msg("At most so many vectors are laid out: the first ones. t-SNE takes 50,000 and UMAP 100,000 at the most."),
  },
  perplexity: { kind: "number", min: 1, max: 500, default: 30, label: "perplexity", help: msg("t-SNE: about how many neighbours count.") },
  n_neighbors: { kind: "int", min: 2, max: 200, default: 15, label: "n_neighbors", help: msg("UMAP: how many neighbours count.") },
  min_dist: { kind: "number", min: 0, max: 0.99, default: 0.1, label: "min_dist", help: msg("UMAP: how close points may lie.") },
  max_iter: { kind: "int", min: 10, max: 10000, default: 500, label: "max_iter", help: msg("t-SNE and UMAP: how many iterations are made.") },
  random_state: { kind: "int", min: 0, max: 4294967295, default: 0, label: "random_state", help: msg("The seed. The same seed gives the same map.") },
  words: {
    kind: "text", default: "", maxLength: 20000, hidden: true, label: "words", help: msg("The words of the one-hot rows; empty means those of the source."),
  },
} as const;

export type VectorParams = ParamsOf<typeof vectorParams>;
export type Tab = VectorParams["tab"];
