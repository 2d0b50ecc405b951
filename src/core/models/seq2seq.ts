import { msg, type ByteSource, type Parsed, type Progress } from "../contract/index.js";
import { attempt, SourceFault } from "../formats/tensorSource.js";
import { ModelConfig } from "./modelConfig.js";
import { CONFIG, fileOf } from "./modelFolder.js";
import { readJsonFile } from "./readTextFile.js";
import type { Gru } from "./seq2seqGru.js";
import { contextKinds, type ContextKind, type Seq2seqNetwork } from "./seq2seqNetwork.js";
import { Weights } from "./weights.js";

const WEIGHTS = "model.safetensors";

export const taskNames = ["dates", "reversal"] as const;
export type TaskName = (typeof taskNames)[number];

/** One task, and a network for it with each kind of context. */
export type Seq2seqTask = {
  readonly name: TaskName;
  /** Characters that go in; their places are the encoder's ids. */
  readonly source: readonly string[];
  /** What comes out, "<s>" and "</s>" first. [V] */
  readonly target: readonly string[];
  /** Characters that it reads and writes at most. */
  readonly longestInput: number;
  readonly longestOutput: number;
  /** The longest input that it was trained on. */
  readonly trainedLength: number;
  /** Measured on texts that were held out of the training, by their length. */
  readonly accuracy: readonly AccuracyAt[];
  readonly networks: Readonly<Record<ContextKind, Seq2seqNetwork>>;
};

/** Of so many texts of one length, those that a network got right in every character. */
export type AccuracyAt = { readonly length: number; readonly texts: number; readonly right: Readonly<Record<ContextKind, number>> };

export type Seq2seqModel = {
  readonly tasks: Readonly<Record<TaskName, Seq2seqTask>>;
  readonly parameters: number;
};

/**
 * Opens media/models/tiny-seq2seq, or a folder made in its likeness: config.json and model.safetensors.
 * @param files by their names within the folder
 */
export function* loadSeq2seq(files: ReadonlyMap<string, ByteSource>, name: string): Generator<Progress, Parsed<Seq2seqModel>, void> {
  return yield* attempt(load(files, name), name);
}

function* load(files: ReadonlyMap<string, ByteSource>, name: string): Generator<Progress, Parsed<Seq2seqModel>, void> {
  const config = new ModelConfig(yield* readJsonFile(fileOf(files, CONFIG, name), CONFIG), CONFIG);
  const weights = yield* Weights.open(new Map([[WEIGHTS, fileOf(files, WEIGHTS, name)]]));
  const sizes = { hidden: config.int("hidden_size"), embedding: config.int("embedding_size") };
  const tasks: Partial<Record<TaskName, Seq2seqTask>> = {};
  for (const task of taskNames) tasks[task] = yield* loadTask(task, sectionOf(config, task), sizes, weights);
  return { ok: true, input: { tasks: tasks as Record<TaskName, Seq2seqTask>, parameters: weights.count }, problems: [] };
}

type Sizes = { readonly hidden: number; readonly embedding: number };

function* loadTask(name: TaskName, config: ModelConfig, sizes: Sizes, weights: Weights): Generator<Progress, Seq2seqTask, void> {
  const source = [...config.text("source", "")];
  const target = ["<s>", "</s>", ...config.text("target", "")];
  const networks: Partial<Record<ContextKind, Seq2seqNetwork>> = {};
  for (const kind of contextKinds) networks[kind] = yield* loadNetwork(`${name}.${kind}.`, kind, source.length, target.length, sizes, weights);
  return {
    name,
    source,
    target,
    longestInput: config.int("longest_input"),
    longestOutput: config.int("longest_output"),
    trainedLength: config.int("trained_length"),
    accuracy: accuracyOf(sectionOf(config, "accuracy")),
    networks: networks as Record<ContextKind, Seq2seqNetwork>,
  };
}

function* loadNetwork(prefix: string, context: ContextKind, sources: number, targets: number, { hidden: h, embedding: e }: Sizes, weights: Weights): Generator<Progress, Seq2seqNetwork, void> {
  function* gru(name: string): Generator<Progress, Gru, void> {
    return {
      inputSize: e,
      hiddenSize: h,
      input: yield* weights.values(`${prefix}${name}.weight_ih_l0`, 3 * h, e),
      hidden: yield* weights.values(`${prefix}${name}.weight_hh_l0`, 3 * h, h),
      inputBias: yield* weights.vector(`${prefix}${name}.bias_ih_l0`, 3 * h),
      hiddenBias: yield* weights.vector(`${prefix}${name}.bias_hh_l0`, 3 * h),
    };
  }
  const none = new Float32Array(0);
  const scored = context === "general" || context === "concat";
  return {
    context,
    hiddenSize: h,
    vocabularySize: targets,
    sourceEmbedding: yield* weights.values(`${prefix}source_embedding.weight`, sources, e),
    targetEmbedding: yield* weights.values(`${prefix}target_embedding.weight`, targets, e),
    encoder: yield* gru("encoder"),
    decoder: yield* gru("decoder"),
    score: scored ? yield* weights.values(`${prefix}score.weight`, h, context === "concat" ? 2 * h : h) : none,
    scoreVector: context === "concat" ? yield* weights.values(`${prefix}score_vector.weight`, 1, h) : none,
    combine: yield* weights.values(`${prefix}combine.weight`, h, 2 * h),
    output: yield* weights.values(`${prefix}output.weight`, targets, h),
    outputBias: yield* weights.vector(`${prefix}output.bias`, targets),
  };
}

function accuracyOf(config: ModelConfig): AccuracyAt[] {
  const texts = config.ids("texts");
  const right = contextKinds.map((kind) => [kind, config.ids(kind)] as const);
  return config.ids("length").map((length, i) => ({
    length,
    texts: texts[i],
    right: Object.fromEntries(right.map(([kind, counts]) => [kind, counts[i]])) as Record<ContextKind, number>,
  }));
}

function sectionOf(config: ModelConfig, name: string): ModelConfig {
  const section = config.section(name);
  if (section) return section;
  throw new SourceFault(msg("{0} lacks {1}. Copy the file again from the model's page.", CONFIG, name));
}
