import { MOST_WRITTEN } from "./python.js";
import { matrix, names as nameList, quote } from "../text/pythonText.js";
import type { OneHotPart } from "./trace.js";

/** A program that makes the one-hot rows with numpy, and looks rows of the embedding matrix up by their product. */
export function oneHotPython({ words, q, d }: OneHotPart): string {
  const V = words.length;
  const written = q.length <= MOST_WRITTEN;
  const reading = written
    ? [`Q = ${matrix(q, V, d)}`]
    : [
        "# Export “Embedding matrix (CSV)” to this file first.",
        "import csv",
        "",
        'with open("embedding-matrix.csv", encoding="utf-8", newline="") as file:',
        "    Q = np.array([line[1:] for line in csv.reader(file)], dtype=float)",
      ];
  return [
    "# One-hot rows times an embedding matrix with numpy: the product is a row look-up.",
    "import numpy as np",
    "",
    `words = ${nameList(words)}`,
    ...reading,
    "X = np.eye(len(words))",
    "",
    "norms = np.linalg.norm(X, axis=1)",
    "cosines = (X @ X.T) / np.outer(norms, norms)",
    "print(cosines)  # 1 on the diagonal, 0 everywhere else",
    "",
    `i = words.index(${quote(words[0] ?? "")})`,
    "print(X[i] @ Q)",
    "np.testing.assert_array_equal(X[i] @ Q, Q[i])",
    "",
    "for V in (1_000, 10_000, 100_000, 1_000_000):",
    `    print(f"{V:>9,} words: {4 * V * V:,} bytes one-hot, {4 * V * ${d}:,} dense")`,
    "",
  ].join("\n");
}
