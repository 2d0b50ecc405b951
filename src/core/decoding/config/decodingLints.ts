import { msg, type Message } from "../../contract/index.js";
import { plain, type Entry } from "../../formats/settings/block.js";
import type { Need, Parameter } from "./parameter.js";
import { problem, remove, removeWith, set, type ConfigProblem, type Looked } from "./problem.js";
import type { TextFix } from "../../formats/settings/edits.js";
import { callArguments, parameterOf } from "./table.js";
import { isSet, known, type Known } from "./values.js";

/**
 * Parameters that do nothing under the strategy in force (transformers' GenerationConfig.validate, points 2.1 to 2.6):
 * those of sampling without it, those of beams with one beam, outputs that nobody returns, a cache that is off.
 */
export function decodingLints(looked: Looked): ConfigProblem[] {
  const { block } = looked;
  return block.entries.flatMap((entry) => {
    const parameter = parameterOf(entry.name);
    const value = plain(entry.value);
    if (!parameter || entry.value.kind === "null" || value === parameter.default) return [];
    // Contrastive search takes its candidates from top_k; where it can't be, that is said at penalty_alpha.
    if (parameter.name === "top_k" && isSet(block, "penalty_alpha")) return [];
    // An expression may well be the default.
    if (entry.value.kind === "unknown") return [];
    const found = idle(looked, entry, parameter);
    return found ? [found] : [];
  });
}

type Wanting = { readonly state: Known; readonly code: ConfigProblem["code"]; readonly sentence: Message; readonly fixes: readonly TextFix[] };

function idle(looked: Looked, entry: Entry, parameter: Parameter): ConfigProblem | undefined {
  const wanting = parameter.need && wants[parameter.need]?.(looked, entry, parameter);
  if (!wanting) return undefined;
  const severity = wanting.state.replaceable ? "info" : "warning";
  return problem(wanting.code, severity, entry, wanting.sentence, wanting.fixes);
}

/** What is missing for a parameter with this need, if it is. */
const wants: { readonly [N in Need]?: (looked: Looked, entry: Entry, parameter: Parameter) => Wanting | undefined } = {
  sampling(looked, entry) {
    const state = known(looked.block, "do_sample");
    if (state.value === true || state.value === undefined) return undefined;
    // Drawing with a temperature of 0 would be refused, and groups of beams do not draw.
    const usable = entry.name !== "temperature" || plain(entry.value) !== 0;
    const groups = known(looked.block, "num_beam_groups").value === 1 && !isSet(looked.block, "penalty_alpha");
    const idle = looked.block.entries.filter((each) => needsSampling(each));
    const fixes = [
      ...(usable && groups ? [set(looked, "do_sample", true, entry)] : []),
      remove(looked, entry),
      ...(idle.length > 1 ? [remove(looked, ...idle)] : []),
    ];
    return { state, code: "needs-sampling", sentence: samplingSentence(entry.name, state), fixes };
  },
  beams(looked, entry, { name }) {
    const state = known(looked.block, "num_beams");
    if (state.value !== 1) return undefined;
    if (name === "num_beam_groups") {
      return { state, code: "needs-beams", sentence: beamSentence(name, state), fixes: [removeWith(looked, name)] };
    }
    const more = isSet(looked.block, "num_beam_groups") ? [] : beamFix(looked, entry);
    return { state, code: "needs-beams", sentence: beamSentence(name, state), fixes: [remove(looked, entry), ...more] };
  },
  groups(looked, entry, { name }) {
    const beams = known(looked.block, "num_beams");
    const groups = known(looked.block, "num_beam_groups");
    if (groups.value !== 1 || beams.value === undefined) return undefined;
    const sentence = msg("{0} acts between groups of beams only. Set num_beam_groups above 1, or remove it.", name);
    const split = typeof beams.value === "number" && beams.value > 1 && known(looked.block, "do_sample").value === false;
    const fixes = split ? [remove(looked, entry), set(looked, "num_beam_groups", Number(beams.value), entry)] : [remove(looked, entry)];
    return { state: groups, code: "groups", sentence, fixes };
  },
  dictionary(looked, entry, { name }) {
    const state = known(looked.block, "return_dict_in_generate");
    if (state.value === true || state.value === undefined || plain(entry.value) !== true) return undefined;
    const sentence = state.replaceable
      ? msg("{0} is returned only with return_dict_in_generate, which isn't set here. Add it, unless the model's own generation_config.json has it.", name)
      : msg("{0} is ignored without return_dict_in_generate. Set that to true, or remove it.", name);
    return { state, code: "needs-dictionary", sentence, fixes: [set(looked, "return_dict_in_generate", true, entry), remove(looked, entry)] };
  },
  cache(looked, entry, { name }) {
    const state = known(looked.block, "use_cache");
    if (state.value !== false) return undefined;
    const sentence = msg("{0} does nothing while use_cache is false. Remove one of them.", name);
    return { state, code: "needs-cache", sentence, fixes: [remove(looked, entry), set(looked, "use_cache", true)] };
  },
  assistant(looked, entry, { name }) {
    const { block } = looked;
    if (block.base !== "defaults" || isSet(block, "prompt_lookup_num_tokens") || callArguments.some((each) => isSet(block, each))) return undefined;
    const sentence = msg("{0} does nothing without prompt_lookup_num_tokens. Set that, or remove it.", name);
    const state = known(block, "prompt_lookup_num_tokens");
    return { state, code: "needs-assistant", sentence, fixes: [remove(looked, entry)] };
  },
};

function samplingSentence(name: string, { entry, replaceable }: Known): Message {
  if (replaceable && !entry) {
    return msg("{0} acts only when tokens are drawn, and do_sample isn't set here. Add it, unless the model's own generation_config.json has it.", name);
  }
  return entry
    ? msg("{0} does nothing while do_sample is false: no token is drawn. Set do_sample to true, or remove it.", name)
    : msg("{0} does nothing, since do_sample is false unless it is set. Set do_sample to true, or remove it.", name);
}

/** Whether an entry is a sampling parameter that was changed from its default. */
function needsSampling({ name, value }: Entry): boolean {
  const parameter = parameterOf(name);
  return parameter?.need === "sampling" && value.kind !== "null" && value.kind !== "unknown" && plain(value) !== parameter.default;
}

function beamSentence(name: string, { replaceable }: Known): Message {
  return replaceable
    ? msg("{0} acts on beam search only, and num_beams isn't set here. Add it, unless the model's own generation_config.json has it.", name)
    : msg("{0} does nothing with one beam. Set num_beams above 1, or remove it.", name);
}

/** Four beams, or as many as texts are to be returned. */
function beamFix(looked: Looked, entry: Entry): readonly TextFix[] {
  const returned = known(looked.block, "num_return_sequences").value;
  return [set(looked, "num_beams", Math.max(4, typeof returned === "number" ? returned : 1), entry)];
}
