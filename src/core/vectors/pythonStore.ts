import { quote } from "../text/pythonText.js";

/** Lines that read a file of word vectors into `words` and `vectors` with numpy, as Lumen reads it. */
export function readingLines(file: string): string[] {
  const name = file === "" ? "vectors.npy" : file;
  const ending = /\.([^.]*)$/.exec(name)?.[1].toLowerCase();
  const beside = `${name.replace(/\.[^.]*$/, "")}.words.txt`;
  const words = (path: string): string[] => [`words = open(${path}, encoding="utf-8").read().split("\\n")[:len(vectors)]`];
  // Lumen looks for the words under these names.
  const found = ["import os", `words_file = next(path for path in (${quote(beside)}, "words.txt", "vocab.txt") if os.path.exists(path))`];
  switch (ending) {
    case "npy":
      return file === ""
        ? ["# Lumen's built-in vectors: vectors.npy and words.txt of the folder media/models/word-vectors in the extension.", `vectors = np.load(${quote(name)}).astype(np.float32)`, ...words('"words.txt"')]
        : [...found, `vectors = np.load(${quote(name)}).astype(np.float32)`, ...words("words_file")];
    case "npz":
      return [...found, `vectors = next(array for array in np.load(${quote(name)}).values() if array.ndim == 2).astype(np.float32)`, ...words("words_file")];
    case "safetensors":
      return [
        ...found, "from safetensors.numpy import load_file", "",
        `vectors = next(array for array in load_file(${quote(name)}).values() if array.ndim == 2).astype(np.float32)`, ...words("words_file"),
      ];
    case "json":
      return ["import json", "", `with open(${quote(name)}, encoding="utf-8") as file:`, "    data = json.load(file)", "words = list(data)", "vectors = np.array([data[word] for word in words], dtype=np.float32)"];
    case "csv":
    case "tsv":
      return [
        "import csv", "", `with open(${quote(name)}, newline="", encoding="utf-8-sig") as file:`,
        `    rows = [row for row in csv.reader(file, delimiter=${ending === "csv" ? '","' : '"\\t"'}) if row]`,
        "", "def is_number(text):", "    try:", "        float(text)", "    except ValueError:", "        return False", "    return True", "",
        "if not any(is_number(cell) for cell in rows[0]):", "    rows = rows[1:]  # a header",
        "words = [row[0] for row in rows]", "vectors = np.array([row[1:] for row in rows], dtype=np.float32)",
      ];
    case "bin":
      return ["from gensim.models import KeyedVectors", "", `kv = KeyedVectors.load_word2vec_format(${quote(name)}, binary=True)`, "words, vectors = kv.index_to_key, kv.vectors"];
    default:
      return [
        "from gensim.models import KeyedVectors", "",
        `with open(${quote(name)}, encoding="utf-8") as file:`,
        "    header = len(file.readline().split()) == 2  # word2vec and fastText begin with a count, GloVe does not",
        `kv = KeyedVectors.load_word2vec_format(${quote(name)}, binary=False, no_header=not header)`,
        "words, vectors = kv.index_to_key, kv.vectors",
      ];
  }
}

/** Lines that make gensim's `kv` of such a file. */
export function gensimLines(file: string): string[] {
  const reading = readingLines(file);
  if (reading.some((line) => line.startsWith("kv = "))) return [...reading.filter((line) => !line.startsWith("words, vectors"))];
  return ["from gensim.models import KeyedVectors", ...reading, "kv = KeyedVectors(vectors.shape[1])", "kv.add_vectors(words, vectors)"];
}
