import { checkConfig, idList, type GenerationConfig } from "../../src/core/decoding/config.js";
import { Pipeline, type PipelineRun } from "../../src/core/decoding/pipeline.js";
import { chainOf } from "../../src/core/decoding/processors/chain.js";
import { epsilonCutoff, etaCutoff } from "../../src/core/decoding/processors/cutoffs.js";
import { exponentialDecayLengthPenalty, forcedBos, forcedEos, minLength, minNewTokens, suppressTokens, suppressTokensAtBegin } from "../../src/core/decoding/processors/lengths.js";
import { minP } from "../../src/core/decoding/processors/minP.js";
import { noRepeatNgram } from "../../src/core/decoding/processors/noRepeatNgram.js";
import { logSoftmax, removeInvalidValues } from "../../src/core/decoding/processors/normalise.js";
import { countsOf, frequencyPresencePenalty, repetitionPenalty } from "../../src/core/decoding/processors/penalties.js";
import type { Processor } from "../../src/core/decoding/processors/processor.js";
import { badWords, sequenceBias, type Sequence } from "../../src/core/decoding/processors/sequenceBias.js";
import { temperature } from "../../src/core/decoding/processors/temperature.js";
import { topH } from "../../src/core/decoding/processors/topH.js";
import { topK } from "../../src/core/decoding/processors/topK.js";
import { topP } from "../../src/core/decoding/processors/topP.js";
import { typicalP } from "../../src/core/decoding/processors/typicalP.js";
import { format } from "../../src/core/contract/index.js";
import { rowsOf } from "./decodingModels.js";
import type { Operation, Result } from "./runner.js";
import { toNumber, type Json, type OracleCase } from "./schema.js";

type Params = { readonly [name: string]: Json };
const number = (params: Params, name: string, otherwise?: number): number => (params[name] === undefined && otherwise !== undefined ? otherwise : toNumber(params[name]));
const keep = (params: Params): number => number(params, "min_tokens_to_keep", 1);
const eosOf = (params: Params): readonly number[] => idList((params.eos_token_id as number | number[] | null) ?? undefined);

const makers: { readonly [op: string]: (params: Params) => Processor } = {
  temperature: (p) => temperature(number(p, "temperature")),
  top_k: (p) => topK(number(p, "top_k"), keep(p)),
  top_p: (p) => topP(number(p, "top_p"), keep(p)),
  min_p: (p) => minP(number(p, "min_p"), keep(p)),
  typical_p: (p) => typicalP(number(p, "typical_p"), keep(p)),
  epsilon: (p) => epsilonCutoff(number(p, "epsilon_cutoff"), keep(p)),
  eta: (p) => etaCutoff(number(p, "eta_cutoff"), keep(p)),
  top_h: (p) => topH(number(p, "top_h")),
  log_softmax: () => logSoftmax(),
  remove_invalid: () => removeInvalidValues(),
  repetition_penalty: (p) => repetitionPenalty(number(p, "penalty"), number(p, "prompt_ignore_length", 0)),
  frequency_presence_penalty: (p) => frequencyPresencePenalty(number(p, "frequency_penalty"), number(p, "presence_penalty")),
  no_repeat_ngram: (p) => noRepeatNgram(number(p, "ngram_size")),
  bad_words: (p) => badWords(p.bad_words_ids as unknown as Sequence[], eosOf(p)),
  sequence_bias: (p) => sequenceBias((p.sequence_bias as unknown as [Sequence, Json][]).map(([sequence, bias]) => [sequence, toNumber(bias)])),
  min_length: (p) => minLength(number(p, "min_length"), eosOf(p)),
  min_new_tokens: (p) => minNewTokens(number(p, "min_new_tokens"), eosOf(p)),
  forced_bos: (p) => forcedBos(number(p, "bos_token_id")),
  forced_eos: (p) => forcedEos(number(p, "max_length"), eosOf(p)),
  suppress_tokens: (p) => suppressTokens(p.suppress_tokens as number[]),
  suppress_tokens_at_begin: (p) => suppressTokensAtBegin(p.begin_suppress_tokens as number[], number(p, "begin_index")),
  exponential_decay_length_penalty: (p) => {
    const [start, factor] = p.exponential_decay_length_penalty as number[];
    return exponentialDecayLengthPenalty(start, factor, eosOf(p));
  },
};

/** Runs a chain over each row of scores. */
function runRows({ input, expected, tie_sensitive: tied }: OracleCase, chain: readonly Processor[], promptLength: number): Result {
  const scores = rowsOf(input.scores);
  const ids = input.input_ids === undefined ? scores.map(() => new Float64Array(1)) : rowsOf(input.input_ids);
  const pipeline = new Pipeline(scores[0].length);
  const rows = scores.map((row, b) => copyOf(pipeline.run(row, chain, { ids: ids[b], promptLength })));
  if (tied) return tiedResult(rows, scores, expected);
  return {
    values: {
      scores: rows.map((row) => row.scores),
      kept: rows.map((row) => row.kept),
      probs: rows.map((row) => row.probs),
      counts: ids.map((row) => {
        const counts = new Int32Array(scores[0].length);
        countsOf({ ids: row }, counts);
        return counts;
      }),
      order: chain.map((processor) => processor.name),
    },
  };
}

type Row = { readonly scores: Float64Array; readonly probs: Float64Array; readonly kept: number[] };

function copyOf({ last }: PipelineRun): Row {
  const scores = last.scores.slice();
  return { scores, probs: last.probabilities.slice(), kept: Array.from(scores.keys()).filter((i) => scores[i] !== -Infinity) };
}

/** Where equal logits straddle a cut, any choice of as many equal tokens is right: what is kept is compared by its logits. */
function tiedResult(rows: readonly Row[], scores: readonly Float64Array[], expected: OracleCase["expected"]): Result {
  const sorted = (list: readonly number[], b: number) => list.map((i) => scores[b][i]).sort((a, c) => a - c);
  const want = expected.kept as number[][];
  const alike = rows.map((row, b) => JSON.stringify(sorted(row.kept, b)) === JSON.stringify(sorted(want[b], b)));
  return { values: { kept: rows.map((row, b) => (alike[b] ? want[b] : row.kept)) } };
}

const single = (make: (params: Params) => Processor): Operation => (oracleCase) => {
  const params = oracleCase.input.params as Params;
  return runRows(oracleCase, [make(params)], params.prompt_length === undefined ? 0 : toNumber(params.prompt_length));
};

/** A fixture's configuration; what it lacks is off. */
export function configOf(params: Json | undefined): GenerationConfig {
  const given = (params ?? {}) as Params;
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) as unknown as GenerationConfig;
}

const chain: Operation = (oracleCase) => {
  const { input } = oracleCase;
  const config: GenerationConfig = { do_sample: true, ...configOf(input.params), eos_token_id: toNumber(input.eos_token_id) };
  const problems = checkConfig(config);
  if (problems.length > 0) return { error: problems.map((problem) => format(problem)).join(" ") };
  const promptLength = toNumber(input.prompt_length);
  return runRows(oracleCase, chainOf(config, { promptLength, maxLength: 30 }), promptLength);
};

const order: Operation = ({ input }) => {
  const config = configOf(input.generation_config);
  const made = chainOf(config, { promptLength: 3, maxLength: 30, eos: config.eos_token_id === undefined ? idList(config.forced_eos_token_id) : idList(config.eos_token_id) });
  const kept = made.filter(({ parameters }) => "min_tokens_to_keep" in parameters);
  return {
    values: {
      order: made.map(({ name }) => name),
      min_tokens_to_keep: Object.fromEntries(kept.map(({ name, parameters }) => [name, parameters.min_tokens_to_keep])),
    },
  };
};

export const processorOperations: { readonly [name: string]: Operation } = {
  ...Object.fromEntries(Object.entries(makers).map(([op, make]) => [`logits.${op}`, single(make)])),
  "logits.chain": chain,
  "logits.order": order,
};
