import { msg, type ByteSource, type Problem, type Progress } from "../contract/index.js";
import { SourceFault } from "../formats/tensorSource.js";
import { readJsonFile } from "./readTextFile.js";
import { openTokenizer, type Tokenizer } from "./tokenizer.js";

export const CONFIG = "config.json";
const SINGLE = "model.safetensors";
const INDEX = "model.safetensors.index.json";

/** A file that a model can't do without. */
export function fileOf(files: ReadonlyMap<string, ByteSource>, file: string, name: string): ByteSource {
  const source = files.get(file);
  if (source) return source;
  throw new SourceFault(msg("{0} has no {1}. Choose the folder of a model from Hugging Face, with config.json and model.safetensors.", name, file));
}

/** The files of the tensors: one, or those that the index names. */
export function* shardsOf(files: ReadonlyMap<string, ByteSource>, name: string): Generator<Progress, ReadonlyMap<string, ByteSource>, void> {
  const index = files.get(INDEX);
  const single = files.get(SINGLE);
  if (single || !index) return new Map([[SINGLE, fileOf(files, SINGLE, name)]]);
  const { weight_map: map } = yield* readJsonFile(index, INDEX);
  if (typeof map !== "object" || map === null) throw new SourceFault(msg("{0} lacks {1}. Copy the file again from the model's page.", INDEX, "weight_map"));
  const names = [...new Set(Object.values(map).map(String))].sort();
  const missing = names.filter((shard) => !files.has(shard));
  if (missing.length > 0) {
    throw new SourceFault(msg("{0} of the {1} files of {2} are missing: {3}. Copy them into the folder.", missing.length, names.length, name, missing.slice(0, 5).join(", ")));
  }
  return new Map(names.map((shard) => [shard, files.get(shard)!]));
}

/** The folder's tokenizer; its absence is a problem added, one of another model a fault. */
export function* tokenizerOf(files: ReadonlyMap<string, ByteSource>, vocabularySize: number, problems: Problem[]): Generator<Progress, Tokenizer | undefined, void> {
  const file = files.get("tokenizer.json");
  if (!file) {
    problems.push({ severity: "warning", message: msg("The folder has no tokenizer.json, so that prompts are token ids and texts are lists of them. Copy it from the model's page.") });
    return undefined;
  }
  const json = yield* readJsonFile(file, "tokenizer.json");
  const second = files.get("tokenizer_config.json");
  const config = second ? yield* readJsonFile(second, "tokenizer_config.json") : {};
  let tokenizer: Tokenizer;
  try {
    tokenizer = openTokenizer(json, config);
  } catch (error) {
    throw new SourceFault(msg("tokenizer.json can't be used: {0}. Copy the file again from the model's page.", error instanceof Error ? error.message : String(error)));
  }
  if (tokenizer.size > vocabularySize) {
    throw new SourceFault(msg("tokenizer.json has {0} tokens, but the model has {1}, so that they do not belong together. Copy both from the same model.", tokenizer.size, vocabularySize));
  }
  return tokenizer;
}
