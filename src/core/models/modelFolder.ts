import { msg, type ByteSource, type Message, type Problem, type Progress } from "../contract/index.js";
import { SourceFault } from "../formats/tensorSource.js";
import { isPickle } from "./isModelFile.js";
import { readJsonFile, readTextFile } from "./readTextFile.js";
import { openTokenizer, type Tokenizer } from "./tokenizer.js";
import { wordPiece } from "./wordPiece.js";

export const CONFIG = "config.json";
const SINGLE = "model.safetensors";
/** BERT's vocabulary, a token a line, where there is no tokenizer.json. */
const VOCABULARY = "vocab.txt";
const INDEX = "model.safetensors.index.json";

/** A file that a model can't do without. */
export function fileOf(files: ReadonlyMap<string, ByteSource>, file: string, name: string): ByteSource {
  const source = files.get(file);
  if (source) return source;
  throw new SourceFault(msg("{0} has no {1}. Choose the folder of a model from Hugging Face, with config.json and model.safetensors.", name, file));
}

/**
 * The files of the tensors: one, or those that the index names.
 * @param family for the program that converts weights of another format
 */
export function* shardsOf(files: ReadonlyMap<string, ByteSource>, name: string, family: string): Generator<Progress, ReadonlyMap<string, ByteSource>, void> {
  const index = files.get(INDEX);
  const single = files.get(SINGLE);
  const pickle = [...files.keys()].find(isPickle);
  if (pickle !== undefined && !single && !index) throw new SourceFault(pickled(pickle, family));
  if (single || !index) return new Map([[SINGLE, fileOf(files, SINGLE, name)]]);
  const { weight_map: map } = yield* readJsonFile(index, INDEX);
  if (typeof map !== "object" || map === null) throw new SourceFault(msg("{0} lacks {1}. Copy the file again from the model's page.", INDEX, "weight_map"));
  const names = [...new Set(Object.values(map).map(String))].sort();
  const missing = names.filter((shard) => !files.has(shard));
  if (missing.length > 0) {
    throw new SourceFault(missing.length === 1
      ? msg("{0} lacks {1}. Copy it into the folder.", name, missing[0])
      : msg("{0} of the {1} files of {2} are missing: {3}. Copy them into the folder.", missing.length, names.length, name, missing.slice(0, 5).join(", ")));
  }
  return new Map(names.map((shard) => [shard, files.get(shard)!]));
}

/** A pickle may run any program when it is opened. */
function pickled(file: string, family: string): Message {
  const program = `from transformers import ${autoClass(family)} as M; M.from_pretrained(".").save_pretrained(".")`;
  return msg("{0} is a pickle, which can run any program when it is opened, so that Lumen does not. Convert it to model.safetensors: in the model's folder, run python with “{1}”.", file, program);
}

function autoClass(family: string): string {
  return family === "bert" ? "AutoModelForMaskedLM" : "AutoModelForCausalLM";
}

/** The folder's tokenizer; its absence is a problem added, one of another model a fault. */
export function* tokenizerOf(files: ReadonlyMap<string, ByteSource>, vocabularySize: number, problems: Problem[]): Generator<Progress, Tokenizer | undefined, void> {
  const file = files.get("tokenizer.json");
  const words = files.get(VOCABULARY);
  if (!file && !words) {
    problems.push({ severity: "warning", message: msg("The folder has no tokenizer.json, so that prompts are token ids and texts are lists of them. Copy it from the model's page.") });
    return undefined;
  }
  const second = files.get("tokenizer_config.json");
  const config = second ? yield* readJsonFile(second, "tokenizer_config.json") : {};
  const json = file ? yield* readJsonFile(file, "tokenizer.json") : wordPiece((yield* readTextFile(words!, VOCABULARY)).split(/\r?\n/), config);
  const used = file ? "tokenizer.json" : VOCABULARY;
  let tokenizer: Tokenizer;
  try {
    tokenizer = openTokenizer(json, config);
  } catch (error) {
    throw new SourceFault(msg("{0} can't be used: {1}. Copy the file again from the model's page.", used, error instanceof Error ? error.message : String(error)));
  }
  if (tokenizer.size > vocabularySize) {
    throw new SourceFault(msg("{0} has {1} tokens, but the model has {2}, so that they do not belong together. Copy both from the same model.", used, tokenizer.size, vocabularySize));
  }
  return tokenizer;
}
