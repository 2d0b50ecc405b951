import { msg } from "../../contract/index.js";
import { entryOf, plain, type Block, type Entry } from "../../formats/settings/block.js";
import { problem, both, remove, removeWith, set, type ConfigProblem, type Looked } from "./problem.js";
import { stopSampling } from "./valueLints.js";
import { isSet, known } from "./values.js";

/** Parameters that contradict each other: of contrastive search, groups of beams, lengths, and the number of texts. */
export function countLints(looked: Looked): ConfigProblem[] {
  return [...contrastive(looked), ...groups(looked), ...constrained(looked), ...returned(looked), ...lengths(looked), ...assisted(looked)];
}

/** The entry of a parameter with a number written out, and the number. */
function numberAt(block: Block, name: string): { readonly entry: Entry; readonly value: number } | undefined {
  const entry = entryOf(block, name);
  const value = entry && plain(entry.value);
  return entry && typeof value === "number" ? { entry, value } : undefined;
}

function contrastive(looked: Looked): ConfigProblem[] {
  const { block } = looked;
  const alpha = numberAt(block, "penalty_alpha");
  if (!alpha) return [];
  const { entry, value } = alpha;
  const k = numberAt(block, "top_k");
  const unset = !k && !isSet(block, "top_k") && block.base !== "unknown";
  const without = removeWith(looked, "penalty_alpha");
  if (value === 0) {
    const weighed = set(looked, "penalty_alpha", 0.6);
    const fix = unset ? both(msg("Set penalty_alpha to 0.6 and top_k to 4"), weighed, set(looked, "top_k", 4, entry)) : weighed;
    const message = msg("penalty_alpha 0 is greedy search: likeness counts nothing. Set it to 0.6, or remove it.");
    return [problem("contrastive", "warning", entry, message, [fix, without])];
  }
  if (known(block, "do_sample").value === true) {
    const message = msg("penalty_alpha does nothing while do_sample is true. Contrastive search needs do_sample false.");
    return [problem("contrastive", "warning", entry, message, [without, stopSampling(looked, "top_k")])];
  }
  const beams = numberAt(block, "num_beams");
  if (beams && beams.value > 1) {
    const message = msg("penalty_alpha does nothing with {0} beams. Contrastive search needs num_beams 1.", beams.value);
    return [problem("contrastive", "warning", entry, message, [without])];
  }
  if (k && k.value <= 1) {
    const message = msg("penalty_alpha needs top_k above 1: with {0} there is nothing to weigh, and the search is greedy. Set top_k to 4.", k.value);
    return [problem("contrastive", "warning", entry, message, [set(looked, "top_k", 4), without])];
  }
  if (!unset) return [];
  const message = msg("top_k isn't set, so penalty_alpha weighs 50 candidates at each step, each with a pass of the model. Set top_k to 4, as in the paper.");
  return [problem("contrastive", "info", entry, message, [set(looked, "top_k", 4, entry)])];
}


function groups(looked: Looked): ConfigProblem[] {
  const { block } = looked;
  const found = numberAt(block, "num_beam_groups");
  const beams = known(block, "num_beams").value;
  if (!found || found.value < 2 || typeof beams !== "number" || beams < 2) return [];
  const { entry, value } = found;
  if (known(block, "do_sample").value === true) {
    const message = msg("Groups of beams can't be sampled. Set do_sample to false, or remove num_beam_groups.");
    return [problem("groups", "error", entry, message, [stopSampling(looked), removeWith(looked, "num_beam_groups")])];
  }
  if (!Number.isInteger(value) || !Number.isInteger(beams)) return [];
  if (beams % value !== 0) {
    const divisor = greatestDivisor(beams, value);
    const fixes = [set(looked, "num_beams", Math.ceil(beams / value) * value), ...(divisor > 1 ? [set(looked, "num_beam_groups", divisor)] : [removeWith(looked, "num_beam_groups")])];
    return [problem("groups", "error", entry, msg("num_beams ({0}) must be a multiple of num_beam_groups ({1}). Change one of them.", beams, value), fixes)];
  }
  const penalty = known(block, "diversity_penalty");
  if (penalty.value !== 0) return [];
  const message = msg("Without diversity_penalty all {0} groups find the same text. Set it to 0.5, say.", value);
  return [problem("groups", "error", entry, message, [set(looked, "diversity_penalty", 0.5, entry), removeWith(looked, "num_beam_groups")])];
}

/** The greatest number up to `most` that divides `of`. */
function greatestDivisor(of: number, most: number): number {
  let divisor = Math.min(of, most);
  while (of % divisor !== 0) divisor--;
  return divisor;
}

/** Constrained beam search refuses one beam, and sampling. */
function constrained(looked: Looked): ConfigProblem[] {
  const { block } = looked;
  const entry = entryOf(block, "force_words_ids") ?? entryOf(block, "constraints");
  if (!entry || entry.value.kind === "null") return [];
  if (known(block, "do_sample").value === true) {
    const message = msg("{0} can't be used while do_sample is true. Set that to false, or remove it.", entry.name);
    return [problem("constrained", "error", entry, message, [stopSampling(looked), remove(looked, entry)])];
  }
  const beams = known(block, "num_beams");
  if (beams.value !== 1 || beams.replaceable) return [];
  const message = msg("{0} needs beam search. Set num_beams to 4, say.", entry.name);
  return [problem("constrained", "error", entry, message, [set(looked, "num_beams", 4, entry), remove(looked, entry)])];
}

function returned(looked: Looked): ConfigProblem[] {
  const { block } = looked;
  const found = numberAt(block, "num_return_sequences");
  const beams = known(block, "num_beams");
  if (!found || found.value < 2 || typeof beams.value !== "number") return [];
  const { entry, value } = found;
  if (beams.value === 1) {
    const sample = known(block, "do_sample");
    if (sample.value !== false) return [];
    const maybe = sample.replaceable || beams.replaceable;
    const message = maybe
      ? msg("More than one text needs sampling or beams, and neither is set here. Add do_sample, unless the model's own generation_config.json has it.")
      : msg("Greedy search has one result, so generate() refuses num_return_sequences {0}. Set do_sample to true, or remove it.", value);
    const fixes = isSet(block, "penalty_alpha") ? [remove(looked, entry)] : [set(looked, "do_sample", true, entry), remove(looked, entry)];
    return [problem("returned", maybe ? "info" : "error", entry, message, fixes)];
  }
  if (value <= beams.value) return [];
  const grouped = known(block, "num_beam_groups").value !== 1;
  const fixes = [set(looked, "num_return_sequences", beams.value), ...(grouped ? [] : [set(looked, "num_beams", value)])];
  return [problem("returned", "error", entry, msg("{0} beams can't give {1} texts. Lower num_return_sequences, or search with more beams.", beams.value, value), fixes)];
}

function lengths(looked: Looked): ConfigProblem[] {
  const { block } = looked;
  const problems: ConfigProblem[] = [];
  for (const end of ["max", "min"]) {
    const total = entryOf(block, `${end}_length`);
    const fresh = `${end}_new_tokens`;
    if (!total || total.value.kind === "null" || !isSet(block, fresh)) continue;
    const message = msg("{0} does nothing beside {1}, which wins. Remove one of them.", total.name, fresh);
    problems.push(problem("lengths", "warning", total, message, [remove(looked, total)]));
  }
  for (const kind of ["length", "new_tokens"]) {
    const least = numberAt(block, `min_${kind}`);
    const most = numberAt(block, `max_${kind}`);
    if (!least || !most || least.value <= most.value) continue;
    if (kind === "length" && (isSet(block, "max_new_tokens") || isSet(block, "min_new_tokens"))) continue;
    const message = msg("{0} ({1}) is above {2} ({3}), so the text always ends at the latter. Lower the first, or raise the second.", least.entry.name, least.value, most.entry.name, most.value);
    problems.push(problem("lengths", "warning", least.entry, message, [set(looked, least.entry.name, most.value), set(looked, most.entry.name, least.value)]));
  }
  return problems;
}

/** Assisted generation goes with greedy search and sampling only. */
function assisted(looked: Looked): ConfigProblem[] {
  const { block } = looked;
  const beams = numberAt(block, "num_beams");
  if (!beams || beams.value < 2) return [];
  return ["prompt_lookup_num_tokens", "assistant_early_exit"].flatMap((name) => {
    const entry = entryOf(block, name);
    if (!entry || entry.value.kind === "null") return [];
    const message = msg("{0} works with one beam only, and num_beams is {1}. Remove one of them.", name, beams.value);
    return [problem("needs-assistant", "error", entry, message, [remove(looked, entry)])];
  });
}
