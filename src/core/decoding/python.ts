import { quote } from "../text/pythonText.js";
import type { GenerationConfig } from "./config.js";
import type { DecodingTab } from "./params.js";
import type { Sequence } from "./processors/sequenceBias.js";
import { givenProgram } from "./pythonGiven.js";
import { classesOf, givenProcessors, hasOwn, OWN_CLASS } from "./pythonProcessors.js";
import { CONTRASTIVE, contrastiveCall, DIVERSE_BEAMS, diverseCall, searchProcessors } from "./pythonSearches.js";
import { trainingProgram } from "./pythonTraining.js";
import { isBeams, strategyOf } from "./runConfig.js";
import { roomFor } from "./strategies/generate.js";
import type { DecodingTrace, StagesAt } from "./trace.js";

/** Probabilities of as many tokens are held against those of transformers. */
const CHECKED = 8;

/**
 * A program that does the same with transformers and holds its result against Lumen's: the ids of the text where nothing is
 * drawn, the distribution of the first token where something is, since torch draws other numbers than Lumen.
 */
export function decodingPython(trace: DecodingTrace, tab: DecodingTab, seed: number): string {
  const { source, prompt, config } = trace;
  if (source.kind === "given" || source.kind === "server") return lines(givenProgram(trace));
  if (source.kind !== "model") return lines(["# Lumen's n-gram model has no counterpart in transformers. The same parameters for a model of yours:", "from transformers import GenerationConfig", "", `config = GenerationConfig(${list(generateArguments(config))})`]);
  const compared = tab === "compare" ? trace.compare : undefined;
  const configs = compared ? compared.strategies.filter(({ problem }) => !problem).map((strategy) => strategy.config) : [config];
  const calls = configs.map((each) => callOf(trace, each));
  const ends = source.eos.length === 1 ? String(source.eos[0]) : `[${source.eos.join(", ")}]`;
  const program = [
    "# The same with transformers: pip install transformers torch",
    "import torch",
    ...importsOf(calls),
    "",
    ...(calls.some(({ own }) => own) ? OWN_CLASS : []),
    ...(calls.some(({ search }) => search === "contrastive") ? CONTRASTIVE : []),
    ...(calls.some(({ search }) => search === "diverse-beam") ? DIVERSE_BEAMS : []),
    source.name === "" ? 'folder = "media/models/tiny-gpt2"  # the built-in model, in the folder of the extension' : `folder = ${quote(source.name)}  # the model's folder`,
    "tokenizer = AutoTokenizer.from_pretrained(folder)",
    "model = AutoModelForCausalLM.from_pretrained(folder).float().eval()",
    `model.generation_config = GenerationConfig(${source.eos.length > 0 ? `eos_token_id=${ends}, ` : ""}pad_token_id=${source.eos[0] ?? 0})  # and nothing that the folder sets`,
    `ids = torch.tensor([[${Array.from(prompt.ids).join(", ")}]])  # ${comment(prompt.text)}`,
    "",
    `set_seed(${seed})${compared ? "" : "  # torch draws other numbers than Lumen for the same seed"}`,
  ];
  if (compared) {
    for (const { name, config: own, ids, problem, finish } of compared.strategies) {
      if (problem) program.push("", `# ${comment(name)}: can't run.`);
      else program.push("", `# ${comment(name)}`, ...callOf(trace, own).lines, ...(exact(own) && finish !== "stopped" ? sameText(ids) : []), SHOW);
    }
    return lines(program);
  }
  program.push(...calls[0].lines, ...checks(trace, tab), SHOW);
  if (tab === "training" && trace.training) program.push(...trainingProgram(trace.training));
  return lines(program);
}

const SHOW = "print(tokenizer.decode(new))";
const lines = (program: readonly string[]): string => `${program.join("\n")}\n`;
const list = (args: readonly (readonly [string, string])[]): string => args.map(([name, value]) => `${name}=${value}`).join(", ");
/** A text within a comment's line. */
const comment = (text: string): string => text.replace(/\s+/g, " ").slice(0, 80);
/** Nothing is drawn. */
const exact = (config: GenerationConfig): boolean => !config.do_sample && config.noise === undefined;

function importsOf(calls: readonly Call[]): string[] {
  const own = calls.some((each) => each.own);
  const listed = calls.some(({ processors, search }) => processors.length > 0 && search === undefined);
  const classes = [...new Set(calls.flatMap(({ processors }) => classesOf(processors)))].sort();
  return [
    `from transformers import ${["AutoModelForCausalLM", "AutoTokenizer", "GenerationConfig", ...(own ? ["LogitsProcessor"] : []), ...(listed ? ["LogitsProcessorList"] : []), "set_seed"].join(", ")}`,
    ...(classes.length > 0 ? [`from transformers.generation.logits_process import ${classes.join(", ")}`] : []),
  ];
}

/** What the text or the first distribution has to be. */
function checks({ config, explore, search, prompt }: DecodingTrace, tab: DecodingTab): string[] {
  const strategy = strategyOf(config);
  const settled = (finish: string | undefined) => finish !== "running" && finish !== "stopped";
  switch (tab) {
    case "search": {
      if (!search || search.kind === "none" || !exact(config) || !settled(search.finish)) return [];
      const best = search.kind === "beams" ? search.finished.find(({ returned }) => returned)?.ids : search.ids.slice(prompt.ids.length);
      return best ? sameText(best) : [];
    }
    case "explore": {
      // The first tab writes token after token whatever the parameters search.
      if (!explore || isBeams(strategy) || strategy === "contrastive") return [];
      const chosen = explore.forced.some((each) => each === 1);
      return [
        ...(chosen ? ["# Lumen shows tokens chosen by hand; generate() chooses all."] : exact(config) && settled(explore.finish) ? sameText(explore.ids) : []),
        ...(explore.at[0] && config.noise === undefined ? sameDistribution(explore.at[0]) : []),
      ];
    }
    default:
      return [];
  }
}

/** The keyword arguments of `generate()` for a configuration; its own defaults are named where they would act unseen. */
export function generateArguments(config: GenerationConfig): (readonly [string, string])[] {
  const strategy = strategyOf(config);
  const draws = config.do_sample === true;
  const args: [string, string][] = [["do_sample", draws ? "True" : "False"], ["max_new_tokens", String(config.max_new_tokens ?? 20)]];
  const add = (name: keyof GenerationConfig, off: unknown, wanted = true) => {
    const value = config[name];
    if (wanted && value !== undefined && value !== off) args.push([name, python(value)]);
  };
  if (draws) {
    add("temperature", 1);
    args.push(["top_k", String(config.top_k ?? 0)]);
    for (const [name, off] of [["top_p", 1], ["min_p", 0], ["top_h", undefined], ["typical_p", 1], ["epsilon_cutoff", 0], ["eta_cutoff", 0]] as const) add(name, off);
  }
  if (strategy === "contrastive") {
    add("penalty_alpha", 0);
    add("top_k", undefined);
  }
  const beams = isBeams(strategy);
  for (const [name, off] of [["num_beams", 1], ["length_penalty", 1], ["early_stopping", false]] as const) add(name, off, beams);
  for (const [name, off] of [["num_beam_groups", 1], ["diversity_penalty", 0]] as const) add(name, off, strategy === "diverse-beam");
  for (const [name, off] of [
    ["repetition_penalty", 1], ["encoder_repetition_penalty", 1], ["no_repeat_ngram_size", 0], ["encoder_no_repeat_ngram_size", 0], ["bad_words_ids", undefined],
    ["suppress_tokens", undefined], ["begin_suppress_tokens", undefined], ["min_new_tokens", 0], ["min_length", 0], ["renormalize_logits", false],
  ] as const) add(name, off);
  return args;
}

function python(value: boolean | number | string | readonly (number | Sequence)[] | readonly (readonly [Sequence, number])[]): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  return JSON.stringify(value);
}

type Call = { readonly lines: readonly string[]; readonly processors: readonly string[]; readonly own: boolean; readonly search?: "contrastive" | "diverse-beam" };

/** The call that writes a text; `new` are the ids behind the prompt. */
function callOf({ source, prompt, explore }: DecodingTrace, config: GenerationConfig): Call {
  const strategy = strategyOf(config);
  const length = source.contextLength > 0 ? source.contextLength : Infinity;
  if (strategy === "contrastive" || strategy === "diverse-beam") {
    const { count } = roomFor(config, prompt.ids.length, strategy === "contrastive" ? length - 1 : length);
    const call = strategy === "contrastive" ? contrastiveCall : diverseCall;
    return { lines: call(config, source.eos, count), processors: searchProcessors(config, source.eos), own: hasOwn(config), search: strategy };
  }
  const { count, limit } = roomFor(config, prompt.ids.length, length);
  const program: string[] = limit === "context" ? [`# The model reads ${length} tokens at most, which leaves room for ${count}.`] : [];
  const order = explore?.order === "llama.cpp" && strategy === "sampling" ? "llama.cpp" : "transformers";
  const more: [string, string][] = [["output_scores", "True"], ["return_dict_in_generate", "True"]];
  const processors = givenProcessors(config, order);
  if (order === "llama.cpp") program.push("# In llama.cpp's order: the cuts are given as processors, the temperature as the last of them.");
  if (processors.length > 0) more.push(["logits_processor", `LogitsProcessorList([${processors.join(", ")}])`]);
  const wanted = generateArguments(order === "llama.cpp" ? withoutWarpers(config) : config).map(([name, value]): [string, string] => [name, name === "max_new_tokens" ? String(count) : value]);
  program.push("output = model.generate(", "    ids,", "    attention_mask=torch.ones_like(ids),", ...[...wanted, ...more].map(([name, value]) => `    ${name}=${value},`), ")", "new = output.sequences[0, ids.shape[1]:]");
  return { lines: program, processors, own: hasOwn(config) };
}

function withoutWarpers({ temperature: _t, top_h: _h, top_k: _k, top_p: _p, min_p: _m, typical_p: _y, epsilon_cutoff: _e, eta_cutoff: _c, ...rest }: GenerationConfig): GenerationConfig {
  return { ...rest, top_k: 0 };
}

function sameText(ids: Int32Array): string[] {
  return [`assert new.tolist() == [${Array.from(ids).join(", ")}]  # Lumen's text`];
}

function sameDistribution({ ids, probabilities, kept }: StagesAt): string[] {
  const row = (kept.length - 1) * ids.length;
  const order = Array.from(ids.keys()).sort((a, b) => probabilities[row + b] - probabilities[row + a]).slice(0, CHECKED);
  return [
    "probabilities = output.scores[0][0].softmax(-1)",
    `checked = [${order.map((i) => ids[i]).join(", ")}]`,
    `torch.testing.assert_close(probabilities[checked], torch.tensor([${order.map((i) => probabilities[row + i]).join(", ")}]), atol=1e-4, rtol=0)  # Lumen's`,
  ];
}
