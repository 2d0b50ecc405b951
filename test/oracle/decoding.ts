import { format } from "../../src/core/contract/index.js";
import { checkConfig, type GenerationConfig } from "../../src/core/decoding/config.js";
import { accuracy, distinctN, diversity, mean, perplexity, predict, seqRep, tokenRepetition, uniqSeq } from "../../src/core/decoding/metrics.js";
import { beamSearch } from "../../src/core/decoding/strategies/beamSearch.js";
import { contrastiveSearch } from "../../src/core/decoding/strategies/contrastive.js";
import { finishRun } from "../../src/core/decoding/strategies/events.js";
import { generate } from "../../src/core/decoding/strategies/generate.js";
import { sequenceUnlikelihood, tokenUnlikelihood } from "../../src/core/decoding/unlikelihood.js";
import type { LanguageModel } from "../../src/core/models/languageModel.js";
import { rowsOf, tableModel } from "./decodingModels.js";
import { configOf, processorOperations } from "./decodingProcessors.js";
import type { Operation, Result, Topic } from "./runner.js";
import { flatNumbers, nested, toNumber, type OracleCase, type OracleFile } from "./schema.js";

const idsOf = (value: OracleCase["input"][string]): number[] => Array.from(flatNumbers(value));

/** Refuses what can't be run. */
function checked(config: GenerationConfig, run: () => Result): Result {
  const problems = checkConfig(config);
  return problems.length > 0 ? { error: problems.map((problem) => format(problem)).join(" ") } : run();
}

function modelOf({ input }: OracleCase, { shared }: OracleFile): LanguageModel {
  const table = input.table === undefined ? shared.table : (shared.tables as { readonly [name: string]: typeof shared.table })[String(input.table)];
  const hidden = shared.E === undefined ? undefined : { first: rowsOf(shared.E), after: rowsOf(shared.P) };
  return tableModel(rowsOf(table), hidden);
}

/** The parameters of a run that stand beside `params`. */
function runConfig({ input }: OracleCase): GenerationConfig {
  const names = ["max_new_tokens", "eos_token_id", "num_beams", "num_beam_groups", "diversity_penalty", "num_return_sequences", "length_penalty", "early_stopping", "penalty_alpha", "top_k"];
  return { ...configOf(input.params), ...configOf(Object.fromEntries(names.filter((name) => name in input).map((name) => [name, input[name]]))) };
}

const greedy: Operation = (oracleCase, file) => {
  const config = { ...runConfig(oracleCase), do_sample: false };
  return checked(config, () => {
    const { steps, result } = finishRun(generate(modelOf(oracleCase, file), idsOf(oracleCase.input.prompt), config), ({ score, modelLogProbability }) => ({ score, modelLogProbability }));
    return {
      values: {
        sequence: result.sequence,
        chosen_processed_score: steps.map(({ score }) => score),
        chosen_model_log_prob: steps.map(({ modelLogProbability }) => modelLogProbability),
      },
    };
  });
};

const sample: Operation = (oracleCase, file) => {
  const uniforms = flatNumbers(oracleCase.input.uniforms);
  const config: GenerationConfig = { ...runConfig(oracleCase), do_sample: true, max_new_tokens: uniforms.length };
  return checked(config, () => {
    let next = 0;
    const run = generate(modelOf(oracleCase, file), idsOf(oracleCase.input.prompt), config, { random: () => uniforms[next++] });
    const { steps, result } = finishRun(run, (step) => ({ token: step.token, probs: step.run.last.probabilities.slice() }));
    return { values: { sequence: result.sequence, steps } };
  });
};

const beam: Operation = (oracleCase, file) => {
  const config = runConfig(oracleCase);
  return checked(config, () => {
    const { result } = finishRun(beamSearch(modelOf(oracleCase, file), idsOf(oracleCase.input.prompt), config), () => 0);
    const scores = result.sequences.map(({ score }) => score);
    // Equal scores on the way leave the order open, and with it which of the equal texts is found: scores are fixed.
    if (oracleCase.tie_sensitive) return { values: { scores } };
    return { values: { sequences: result.sequences.map(({ tokens }) => tokens), scores, beam_indices: result.sequences.map(({ origins }) => origins) } };
  });
};

const diverse: Operation = (oracleCase, file) => {
  const { input } = oracleCase;
  const config: GenerationConfig = { ...runConfig(oracleCase), max_new_tokens: toNumber(input.steps), suppress_tokens: idsOf(input.banned ?? []), length_penalty: 0 };
  return checked(config, () => {
    const { result } = finishRun(beamSearch(modelOf(oracleCase, file), idsOf(input.prompt), config), () => 0);
    return { values: { groups: result.groups.map((group) => group.map(({ sum, tokens }) => ({ accumulated_score: sum, sequence: tokens }))) } };
  });
};

const contrastive: Operation = (oracleCase, file) => {
  const config: GenerationConfig = { ...runConfig(oracleCase), max_new_tokens: toNumber(oracleCase.input.steps) };
  return checked(config, () => {
    const { steps, result } = finishRun(contrastiveSearch(modelOf(oracleCase, file), idsOf(oracleCase.input.prompt), config), ({ candidates, selected, token }) => ({
      candidates: candidates.map(({ token: id, probability, penalty, score }) => ({ token: id, prob: probability, penalty, score })),
      selected_index: selected,
      token,
    }));
    return { values: { sequence: result.sequence, steps } };
  });
};

const seqRepetition: Operation = ({ input }) => {
  const sequence = idsOf(input.sequence);
  const ns = [1, 2, 3, 4];
  return {
    values: {
      unique_tokens: uniqSeq([sequence]),
      diversity: diversity(sequence),
      ...Object.fromEntries(ns.map((n) => [`seq_rep_${n}`, seqRep(sequence, n)])),
      ...Object.fromEntries(ns.map((n) => [`distinct_${n}`, distinctN(sequence, n)])),
    },
  };
};

const tokenRep: Operation = ({ input, expected }) => {
  const logits = rowsOf(input.logits);
  const targets = idsOf(input.targets);
  const { nll, argmax } = predict(targets, (t) => logits[t]);
  const windows = Object.keys(expected).flatMap((key) => /^rep_(\d+)$/.exec(key)?.[1] ?? []);
  const repetitions = windows.flatMap((l) => {
    const { rep, wrep } = tokenRepetition(targets, argmax, Number(l));
    return [[`rep_${l}`, rep], [`wrep_${l}`, wrep]];
  });
  return {
    values: {
      perplexity: perplexity(nll), nll_per_token: nll, mean_nll: mean(nll), argmax, uniq: uniqSeq([argmax]), accuracy: accuracy(targets, argmax),
      ...(Object.fromEntries(repetitions) as object),
    },
  };
};

const tokenLoss: Operation = ({ input }) => {
  const logits = flatNumbers(input.logits);
  const targets = idsOf(input.targets);
  const { candidates, likelihood, unlikelihood, loss, gradient } = tokenUnlikelihood(logits, targets, toNumber(input.alpha));
  return {
    values: {
      candidates, mle_per_token: likelihood, unlikelihood_per_token: unlikelihood, loss, loss_mean: loss / targets.length,
      grad_logits: nested(gradient, logits.length / targets.length),
    },
  };
};

const sequenceLoss: Operation = ({ input }) => {
  const logits = flatNumbers(input.logits);
  const sequence = idsOf(input.sequence);
  const { mask, loss, gradient } = sequenceUnlikelihood(logits, sequence, toNumber(input.ngram));
  return {
    values: { repeat_mask: mask, loss_sum: loss, loss_mean: loss / sequence.length, grad_logits_of_sum: nested(gradient, logits.length / sequence.length) },
  };
};

const decodingOperations: { readonly [name: string]: Operation } = {
  ...processorOperations,
  "decode.greedy": greedy,
  "decode.sample": sample,
  "decode.beam": beam,
  "decode.diverse_beam": diverse,
  "decode.contrastive": contrastive,
  "metrics.seq_rep": seqRepetition,
  "metrics.uniq_seq": ({ input }) => ({ values: { uniq_seq: uniqSeq((input.sequences as number[][]).map((sequence) => sequence)) } }),
  "metrics.token_rep": tokenRep,
  "unlikelihood.token": tokenLoss,
  "unlikelihood.sequence": sequenceLoss,
};

export const decoding: Topic = { operations: decodingOperations };
