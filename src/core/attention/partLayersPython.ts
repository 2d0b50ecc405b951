import { quote } from "../text/pythonText.js";
import type { AttentionTrace } from "./trace.js";

/** A program that makes the same vectors with Flair, and prints the word's cosines. */
export function layersPython({ source, layers }: AttentionTrace): string {
  const { sentences, occurrences, word, chosen, pooling, mean, documents } = layers!;
  const folder = source.name === "" ? '"media/models/tiny-gpt2"  # the built-in model, in the folder of the extension' : `${quote(source.name)}  # the model's folder`;
  const place = ({ sentence, word: at }: { readonly sentence: number; readonly word: number }) => `(${sentence}, ${at})`;
  const lines = [
    "# The same with Flair: pip install flair",
    "import torch",
    "from flair.data import Sentence",
    `from flair.embeddings import ${documents.pooling === "cls" ? "TransformerDocumentEmbeddings, " : "DocumentPoolEmbeddings, "}TransformerWordEmbeddings`,
    "",
    `folder = ${folder}`,
    "embeddings = TransformerWordEmbeddings(",
    `    folder, layers="${Array.from(chosen).join(",")}", layer_mean=${mean ? "True" : "False"}, subtoken_pooling="${pooling}", fine_tune=False)`,
    "# Words are handed over as Lumen parts them.",
    `words = [`,
    ...sentences.map(({ words }) => `    [${words.map(({ text }) => quote(text)).join(", ")}],`),
    "]",
    "sentences = [Sentence(each) for each in words]",
    "embeddings.embed(sentences)",
    `places = [${occurrences.map(place).join(", ")}]  # sentence and word of each ${JSON.stringify(word)}`,
    "vectors = torch.stack([sentences[s][w].embedding for s, w in places])",
    "print(vectors.shape)",
    "unit = torch.nn.functional.normalize(vectors, dim=-1)",
    "print(unit @ unit.T)  # cosines",
    "",
    ...(documents.pooling === "cls"
      ? [`documents = TransformerDocumentEmbeddings(folder, layers="${Array.from(chosen).join(",")}", layer_mean=${mean ? "True" : "False"}, cls_pooling="cls", fine_tune=False)`]
      : [`documents = DocumentPoolEmbeddings([embeddings], pooling="${documents.pooling}", fine_tune_mode="none")`]),
    "sentences = [Sentence(each) for each in words]",
    "documents.embed(sentences)",
    "rows = torch.nn.functional.normalize(torch.stack([each.embedding for each in sentences]), dim=-1)",
    "print(rows @ rows.T)",
  ];
  return `${lines.join("\n")}\n`;
}
