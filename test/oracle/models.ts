import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { format, type ByteSource } from "../../src/core/contract/index.js";
import { checkConfig, type GenerationConfig } from "../../src/core/decoding/config.js";
import { beamSearch } from "../../src/core/decoding/strategies/beamSearch.js";
import { finishRun } from "../../src/core/decoding/strategies/events.js";
import { generate } from "../../src/core/decoding/strategies/generate.js";
import type { Encoder } from "../../src/core/models/bert.js";
import { feedAll, type LanguageModel, type Recorder } from "../../src/core/models/languageModel.js";
import { loadModel, openModel, type LoadedModel } from "../../src/core/models/loadModel.js";
import { configOf } from "./decodingProcessors.js";
import { finish } from "./kmeans.js";
import type { Operation, Topic } from "./runner.js";
import { flatNumbers, type Json } from "./schema.js";

/** Values of the models' files are binary32 while we compute, for which the fixtures allow 1e-4. */
const SINGLE_PRECISION = 1e-4;

/** A folder as core gets it. */
export function filesOf(folder: string): ReadonlyMap<string, ByteSource> {
  return new Map(
    readdirSync(folder).map((name) => {
      const bytes = readFileSync(path.join(folder, name));
      return [name, { size: bytes.length, read: (offset: number, length: number) => Uint8Array.from(bytes.subarray(offset, offset + length)) }];
    }),
  );
}

const loaded = new Map<string, LoadedModel>();

function open(folder: string): LoadedModel {
  const known = loaded.get(folder);
  if (known) return known;
  const parsed = finish(loadModel(filesOf(folder), path.basename(folder)));
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => format(message)).join(" "));
  loaded.set(folder, parsed.input);
  return parsed.input;
}

type Pass = { readonly logits: number[][]; readonly hidden: number[][][]; readonly attentions: number[][][][] };

function emptyPass(layers: number): Pass {
  return { logits: [], hidden: Array.from({ length: layers + 1 }, () => []), attentions: Array.from({ length: layers }, () => []) };
}

/** Keeps everything that a pass shows, in nested lists as the fixtures have them. */
function recorderOf({ logits, hidden, attentions }: Pass): Recorder {
  return {
    logits: (position, values) => (logits[position] = Array.from(values)),
    hidden: (layer, position, values) => (hidden[layer][position] = Array.from(values)),
    attention: (layer, head, position, weights) => ((attentions[layer][head] ??= [])[position] = Array.from(weights)),
  };
}

function trace(model: LanguageModel, layers: number, ids: readonly number[]): Pass {
  const pass = emptyPass(layers);
  feedAll(model.start(), ids, recorderOf(pass));
  // A token has no weights for those behind it, where the fixtures have zeros.
  for (const heads of pass.attentions) for (const rows of heads) for (const row of rows) while (row.length < ids.length) row.push(0);
  return pass;
}

const forward: Operation = ({ input, tolerance }, { folder }) => {
  const beside = path.join(folder, "..", String(input.folder));
  const { model, layers } = open(existsSync(beside) ? beside : folder);
  const batch = (input.input_ids as Json[]).map((row) => Array.from(flatNumbers(row)));
  const traces = batch.map((ids) => trace(model, layers, ids));
  const perLayer = <T>(count: number, of: (pass: Pass, layer: number) => T) => Array.from({ length: count }, (_, layer) => traces.map((each) => of(each, layer)));
  const greedy = generate(model, batch[0], { max_new_tokens: 6 });
  return {
    tolerance: () => Math.max(tolerance, SINGLE_PRECISION),
    values: {
      logits: traces.map(({ logits }) => logits),
      hidden_states: perLayer(layers + 1, ({ hidden }, layer) => hidden[layer]),
      attentions: perLayer(layers, ({ attentions }, layer) => attentions[layer]),
      greedy_sequence_after_6_more: finishRun(greedy, () => 0).result.sequence,
    },
  };
};

const encoders = new Map<string, Encoder>();

function openEncoder(folder: string): Encoder {
  const known = encoders.get(folder);
  if (known) return known;
  const parsed = finish(openModel(filesOf(folder), path.basename(folder)));
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => format(message)).join(" "));
  if (!("encoder" in parsed.input)) throw new Error(`${folder} is no encoder.`);
  encoders.set(folder, parsed.input.encoder);
  return parsed.input.encoder;
}

const encode: Operation = ({ input, tolerance }, { folder }) => {
  const beside = path.join(folder, "..", String(input.folder));
  const encoder = openEncoder(existsSync(beside) ? beside : folder);
  const rows = (value: Json | undefined) => (value as number[][] | undefined) ?? [];
  const batch = rows(input.input_ids).map((ids, b): Pass => {
    const pass = emptyPass(encoder.layers);
    const mask = rows(input.attention_mask)[b] as (0 | 1)[] | undefined;
    finish(encoder.encode({ ids, segments: rows(input.token_type_ids)[b], mask }, recorderOf(pass)));
    return pass;
  });
  return {
    tolerance: () => Math.max(tolerance, SINGLE_PRECISION),
    values: {
      logits: batch.map(({ logits }) => logits),
      hidden_states: Array.from({ length: encoder.layers + 1 }, (_, layer) => batch.map(({ hidden }) => hidden[layer])),
      attentions: Array.from({ length: encoder.layers }, (_, layer) => batch.map(({ attentions }) => attentions[layer])),
    },
  };
};

const media = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../media/models");

/** Runs of a model that ships with Lumen; the tests' bundle lies elsewhere than their source. */
const builtIn: Operation = ({ input }) => {
  const folder = [media, path.resolve("media/models")].map((root) => path.join(root, String(input.model))).find((each) => existsSync(each));
  if (!folder) throw new Error(`There is no built-in model ${String(input.model)}.`);
  const { model, tokenizer } = open(folder);
  const config: GenerationConfig = configOf(input.generation);
  const problems = checkConfig(config);
  if (problems.length > 0) return { error: problems.map((problem) => format(problem)).join(" ") };
  const ids = tokenizer!.encode(String(input.prompt));
  const found =
    (config.num_beams ?? 1) > 1
      ? finishRun(beamSearch(model, ids, config), () => 0).result.sequences
      : [{ tokens: finishRun(generate(model, ids, config), () => 0).result.sequence, score: NaN }];
  return {
    values: {
      sequences: found.map(({ tokens }) => tokens),
      texts: found.map(({ tokens }) => tokenizer!.decode(tokens)),
      sequences_scores: found.map(({ score }) => score),
    },
  };
};

export const models: Topic = { operations: { "model.gpt2": forward, "model.llama": forward, "model.bert": encode, "generate.tiny_gpt2": builtIn } };
