import { quote } from "../text/pythonText.js";
import type { GenerationConfig } from "./config.js";
import type { Sequence } from "./processors/sequenceBias.js";
import { isBeams, strategyOf } from "./runConfig.js";
import type { DecodingTab } from "./params.js";
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
  const program = [
    "# The same with transformers: pip install transformers torch",
    "import torch",
    `from transformers import ${["AutoModelForCausalLM", "AutoTokenizer", ...(hasOwn(config) ? ["LogitsProcessor", "LogitsProcessorList"] : []), "set_seed"].join(", ")}`,
    "",
    source.name === "" ? 'folder = "media/models/tiny-gpt2"  # the built-in model, in the folder of the extension' : `folder = ${quote(source.name)}  # the model's folder`,
    "tokenizer = AutoTokenizer.from_pretrained(folder)",
    "model = AutoModelForCausalLM.from_pretrained(folder, torch_dtype=torch.float32).eval()",
    `ids = torch.tensor([[${Array.from(prompt.ids).join(", ")}]])  # ${comment(prompt.text)}`,
    "",
    ...ownProcessors(config),
  ];
  if (tab === "compare" && trace.compare) {
    program.push(`set_seed(${seed})`);
    for (const { name, config: own, ids, problem, finish } of trace.compare.strategies) {
      if (problem) program.push("", `# ${comment(name)}: can't run.`);
      else program.push("", `# ${comment(name)}`, ...call(own), ...(exact(own) && finish !== "stopped" ? sameText(ids) : []), "print(tokenizer.decode(new))");
    }
    return lines(program);
  }
  program.push(`set_seed(${seed})  # torch draws other numbers than Lumen for the same seed`, ...call(config));
  const { ids, at, order, forced } = trace.explore ?? {};
  const best = trace.search?.kind === "beams" ? trace.search.finished.find(({ returned }) => returned)?.ids : undefined;
  const beams = isBeams(strategyOf(config));
  if (tab === "search" && best && exact(config)) program.push(...sameText(best));
  if (tab === "explore" && ids && !beams && exact(config) && forced?.every((each) => each === 0)) program.push(...sameText(ids));
  if (tab === "explore" && at?.[0] && !beams && order === "transformers" && config.noise === undefined) program.push(...sameDistribution(at[0]));
  program.push("print(tokenizer.decode(new))");
  return lines(program);
}

const lines = (program: readonly string[]): string => `${program.join("\n")}\n`;
const list = (args: readonly (readonly [string, string])[]): string => args.map(([name, value]) => `${name}=${value}`).join(", ");
/** A text within a comment's line. */
const comment = (text: string): string => text.replace(/\s+/g, " ").slice(0, 80);
/** Nothing is drawn, and generate() has all of it built in. */
const exact = (config: GenerationConfig): boolean => !config.do_sample && config.noise === undefined && ["greedy", "beam"].includes(strategyOf(config));
const hasOwn = ({ frequency_penalty: f = 0, presence_penalty: p = 0, noise = 0 }: GenerationConfig): boolean => f !== 0 || p !== 0 || noise > 0;

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

/** The call of generate(); `new` are the ids behind the prompt. */
function call(config: GenerationConfig): string[] {
  const strategy = strategyOf(config);
  const program: string[] = [];
  const more: [string, string][] = [["pad_token_id", "tokenizer.eos_token_id"], ["output_scores", "True"], ["return_dict_in_generate", "True"]];
  if (hasOwn(config)) more.push(["logits_processor", "LogitsProcessorList([Own()])"]);
  if (strategy === "contrastive" || strategy === "diverse-beam") {
    const name = strategy === "contrastive" ? "contrastive-search" : "group-beam-search";
    program.push("# Built into transformers 4; version 5 loads it from the Hub with these two arguments.");
    more.push(["custom_generate", `"transformers-community/${name}"`], ["trust_remote_code", "True"]);
  }
  const args = [...generateArguments(config), ...more].map(([name, value]) => `    ${name}=${value},`);
  return [...program, "output = model.generate(", "    ids,", "    attention_mask=torch.ones_like(ids),", ...args, ")", "new = output.sequences[0, ids.shape[1]:]"];
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

/** What generate() does not have, as a processor. It comes behind generate()'s own penalties and before the cuts. */
function ownProcessors({ frequency_penalty: frequency = 0, presence_penalty: presence = 0, noise = 0 }: GenerationConfig): string[] {
  if (frequency === 0 && presence === 0 && noise === 0) return [];
  const program = ["", "class Own(LogitsProcessor):", "    def __call__(self, ids, scores):"];
  if (frequency !== 0 || presence !== 0) program.push("        counts = torch.zeros_like(scores).scatter_add_(1, ids, torch.ones_like(ids, dtype=scores.dtype))", `        scores = scores - ${frequency} * counts - ${presence} * (counts > 0)`);
  if (noise > 0) program.push(`        scores = scores + ${noise} * torch.randn_like(scores)`);
  return [...program, "        return scores", "", ""];
}

const OWN = new Set(["FrequencyPresencePenalty", "NoiseLogitsProcessor"]);

/** The warpers of transformers over the given numbers. */
function givenProgram({ explore, prompt, pieces, pieceIds }: DecodingTrace): string[] {
  const at = explore?.at[0];
  if (!at) return [];
  const order = Array.from(at.ids.keys()).sort((a, b) => at.ids[a] - at.ids[b]);
  const n = at.ids.length;
  const known = order.map((i) => at.scores[i]);
  const foreign = at.stages.some(({ name }) => OWN.has(name));
  const stages = at.stages.map(({ name, parameters }) => `    ${OWN.has(name) ? "# transformers has none: " : ""}${name}(${parameters.map(([, value]) => value).join(", ")}),`);
  const last = (at.kept.length - 1) * n;
  return [
    "# The same with transformers: pip install transformers torch",
    "import torch",
    "from transformers.generation.logits_process import *",
    "",
    `names = ${JSON.stringify(order.map((i) => pieces[pieceIds.indexOf(at.ids[i])]))}`,
    `scores = torch.tensor([[${known.map((value) => (value === -Infinity ? "-torch.inf" : String(value))).join(", ")}]], dtype=torch.float64)`,
    ...(at.tailKept[0] > 0 ? [`# ${at.tailKept[0]} more tokens are not listed here; Lumen counts them in.`] : []),
    `ids = torch.tensor([[${Array.from(prompt.ids).join(", ")}]], dtype=torch.long)`,
    "for processor in [", ...stages, "]:",
    "    scores = processor(ids, scores)",
    "probabilities = scores.softmax(-1)[0]",
    "for name, p in zip(names, probabilities.tolist()):",
    '    print(f"{name!r:12} {p:.4f}")',
    ...(at.tailKept[0] > 0 || foreign ? [] : [`torch.testing.assert_close(probabilities, torch.tensor([${order.map((i) => at.probabilities[last + i]).join(", ")}], dtype=torch.float64))  # Lumen's`]),
  ];
}
