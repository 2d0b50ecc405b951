import { msg, type ByteSource, type Parsed, type Problem, type Progress } from "../contract/index.js";
import { attempt, SourceFault } from "../formats/tensorSource.js";
import { loadBert, type Encoder } from "./bert.js";
import { loadGpt2 } from "./gpt2.js";
import type { LanguageModel } from "./languageModel.js";
import { loadLlama } from "./llama.js";
import { ModelConfig } from "./modelConfig.js";
import { CONFIG, fileOf, shardsOf, tokenizerOf } from "./modelFolder.js";
import { readJsonFile } from "./readTextFile.js";
import type { Tokenizer } from "./tokenizer.js";
import { transformer, type Architecture } from "./transformer.js";
import { Weights } from "./weights.js";

type Folder = {
  /** Absent when the folder has no tokenizer: texts are then ids. */
  readonly tokenizer: Tokenizer | undefined;
  /** "gpt2", "llama", "bert". */
  readonly family: string;
  readonly layers: number;
  readonly parameters: number;
  /** config.json. */
  readonly config: Readonly<Record<string, unknown>>;
};

/** A folder of a model that reads both ways. */
export type LoadedEncoder = Folder & { readonly encoder: Encoder };

/** A Hugging Face folder of a model that goes on from a text, read. */
export type LoadedModel = Folder & {
  readonly model: LanguageModel;
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
const BERT = "bert";
/** What two memories of WebAssembly hold, of whose 4 GiB each some is for inputs and results. */
const MOST_BYTES = 6 * 2 ** 30;

/**
 * Opens a local Hugging Face folder: config.json, model.safetensors or its shards with their index, and tokenizer.json where
 * there is one. Files are read by ranges; nothing is fetched.
 * @param files by their names within the folder
 */
export function* openModel(files: ReadonlyMap<string, ByteSource>, name: string): Generator<Progress, Parsed<LoadedModel | LoadedEncoder>, void> {
  return yield* attempt(open(files, name), name);
}

/** The same, where the text has to go on: an encoder is refused. */
export function* loadModel(files: ReadonlyMap<string, ByteSource>, name: string): Generator<Progress, Parsed<LoadedModel>, void> {
  const opened = yield* openModel(files, name);
  return opened.ok && "encoder" in opened.input ? { ok: false, problems: [noNextToken(opened.input)] } : (opened as Parsed<LoadedModel>);
}

/** What is said where a next token is wanted of an encoder. */
export function noNextToken({ family }: LoadedEncoder): Problem {
  const fixes = [{ label: msg("Use the built-in model"), params: {}, choose: "builtInModel" as const }, { label: msg("Choose another folder…"), params: {}, choose: "modelFolder" as const }];
  return { severity: "error", title: msg("No next token"), message: msg("{0} reads a text both ways at once, so that it has no next token. Choose a model of the GPT-2 or the Llama family.", family.toUpperCase()), fixes };
}

function* open(files: ReadonlyMap<string, ByteSource>, name: string): Generator<Progress, Parsed<LoadedModel | LoadedEncoder>, void> {
  const values = yield* readJsonFile(fileOf(files, CONFIG, name), CONFIG);
  const config = new ModelConfig(values, CONFIG);
  const family = familyOf(config);
  const weights = yield* Weights.open(yield* shardsOf(files, name, family));
  if (weights.bytes > MOST_BYTES) {
    const taken = Math.ceil(weights.bytes / 1e7) / 100;
    const most = Math.floor(MOST_BYTES / 1e7) / 100;
    throw new SourceFault(
      // Two bytes a number is the least that weights are held in.
      2 * weights.count <= MOST_BYTES
        ? msg("{0} takes {1} GB of memory, but Lumen runs models of at most {2} GB. Choose a smaller model of the family, or one whose weights are stored in BF16.", name, taken, most)
        : msg("{0} takes {1} GB of memory, but Lumen runs models of at most {2} GB. Choose a smaller model of the family.", name, taken, most),
    );
  }
  const problems: Problem[] = [];
  if (family === BERT) {
    const encoder = yield* loadBert(config, weights);
    const tokenizer = yield* tokenizerOf(files, encoder.vocabularySize, problems);
    return { ok: true, input: { encoder, tokenizer, family, layers: encoder.layers, parameters: weights.count, config: values }, problems };
  }
  const architecture = yield* families.get(family)!(config, weights);
  const model = transformer(architecture);
  const tokenizer = yield* tokenizerOf(files, model.vocabularySize, problems);
  const generation = files.get("generation_config.json");
  const own = generation ? new ModelConfig(yield* readJsonFile(generation, "generation_config.json"), "generation_config.json").ids("eos_token_id") : [];
  const eos = own.length > 0 ? own : config.ids("eos_token_id");
  return { ok: true, input: { model, tokenizer, family, layers: architecture.layers, parameters: weights.count, config: values, eos, bos: config.ids("bos_token_id")[0] }, problems };
}

function familyOf(config: ModelConfig): string {
  const family = config.text("model_type", "");
  if (families.has(family) || family === BERT) return family;
  const known = [...families.keys(), BERT].join(", ");
  if (family === "") throw new SourceFault(msg("config.json names no model_type. Lumen runs: {0}.", known));
  throw new SourceFault(msg("This model is of the architecture {0}, which Lumen can't run. It runs: {1}.", family, known));
}
