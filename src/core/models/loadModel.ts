import { msg, type ByteSource, type Parsed, type Problem, type Progress } from "../contract/index.js";
import { attempt, SourceFault } from "../formats/tensorSource.js";
import { loadGpt2 } from "./gpt2.js";
import type { LanguageModel } from "./languageModel.js";
import { loadLlama } from "./llama.js";
import { ModelConfig } from "./modelConfig.js";
import { CONFIG, fileOf, shardsOf, tokenizerOf } from "./modelFolder.js";
import { readJsonFile } from "./readTextFile.js";
import type { Tokenizer } from "./tokenizer.js";
import { transformer, type Architecture } from "./transformer.js";
import { Weights } from "./weights.js";

/** A Hugging Face folder, read. */
export type LoadedModel = {
  readonly model: LanguageModel;
  /** Absent when the folder has no tokenizer.json: prompts are then ids. */
  readonly tokenizer: Tokenizer | undefined;
  /** "gpt2", "llama". */
  readonly family: string;
  readonly layers: number;
  readonly parameters: number;
  /** Tokens that end a text. */
  readonly eos: readonly number[];
  /** The token that an empty prompt begins with. */
  readonly bos: number | undefined;
};

/** Families by `model_type`; others are refused with this list. */
const families = new Map<string, (config: ModelConfig, weights: Weights) => Generator<Progress, Architecture, void>>([
  ["gpt2", loadGpt2],
  ["llama", loadLlama],
]);
/** Parameters are held as binary32: 5 GB. */
const MOST_PARAMETERS = 1_250_000_000;

/**
 * Opens a local Hugging Face folder: config.json, model.safetensors or its shards with their index, and tokenizer.json where
 * there is one. Files are read by ranges; nothing is fetched.
 * @param files by their names within the folder
 */
export function* loadModel(files: ReadonlyMap<string, ByteSource>, name: string): Generator<Progress, Parsed<LoadedModel>, void> {
  return yield* attempt(load(files, name), name);
}

function* load(files: ReadonlyMap<string, ByteSource>, name: string): Generator<Progress, Parsed<LoadedModel>, void> {
  const values = yield* readJsonFile(fileOf(files, CONFIG, name), CONFIG);
  const config = new ModelConfig(values, CONFIG);
  const family = familyOf(config);
  const weights = yield* Weights.open(yield* shardsOf(files, name));
  if (weights.count > MOST_PARAMETERS) {
    throw new SourceFault(msg("{0} has {1} million parameters, but Lumen runs at most {2} million. Choose a smaller model of the family.", name, Math.round(weights.count / 1e6), MOST_PARAMETERS / 1e6));
  }
  const architecture = yield* families.get(family)!(config, weights);
  const model = transformer(architecture);
  const problems: Problem[] = [];
  const tokenizer = yield* tokenizerOf(files, model.vocabularySize, problems);
  const generation = files.get("generation_config.json");
  const own = generation ? new ModelConfig(yield* readJsonFile(generation, "generation_config.json"), "generation_config.json").ids("eos_token_id") : [];
  const eos = own.length > 0 ? own : config.ids("eos_token_id");
  return { ok: true, input: { model, tokenizer, family, layers: architecture.layers, parameters: weights.count, eos, bos: config.ids("bos_token_id")[0] }, problems };
}

function familyOf(config: ModelConfig): string {
  const family = config.text("model_type", "");
  if (families.has(family)) return family;
  const known = [...families.keys()].join(", ");
  if (family === "") throw new SourceFault(msg("config.json names no model_type. Lumen runs: {0}.", known));
  throw new SourceFault(msg("This model is of the architecture {0}, which Lumen can't run. It runs: {1}.", family, known));
}
