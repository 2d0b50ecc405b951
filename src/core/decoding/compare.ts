import { msg, type Env, type Message, type Problem, type Progress } from "../contract/index.js";
import { seededRandom } from "../math/random.js";
import { joinTokens, type Joined } from "../models/tokenPieces.js";
import type { GenerationConfig } from "./config.js";
import { readStrategies, type Strategy } from "./compareStrategies.js";
import type { ExploreHand } from "./explore.js";
import { likeness, repeatMask } from "./metrics.js";
import { strategyOf } from "./runConfig.js";
import { metricsOf } from "./runMetrics.js";
import type { Hand } from "./runSource.js";
import { judge, textBy, type Judged } from "./runTexts.js";
import type { ComparePart } from "./trace.js";

type Row = ComparePart["strategies"][number];
type Finish = Row["finish"];
/** What is known of a strategy's texts. */
type Known = {
  readonly ids: readonly number[];
  readonly judged: Judged;
  readonly finish: Finish;
  readonly problem: Message | null;
  readonly milliseconds: number;
  readonly same: readonly (readonly number[])[];
  readonly others: readonly (readonly number[])[];
};
export type Compared = { readonly ok: true; readonly part: ComparePart } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Texts are alike by their pairs of tokens: single ones are shared by any two texts of a language, longer runs hardly ever. */
const LIKE = 2;
/** Other prompts that are compared at most. */
const MOST_PROMPTS = 10;
const NOTHING: Known = { ids: [], judged: { probability: new Float64Array(0), best: new Int32Array(0) }, finish: "running", problem: null, milliseconds: 0, same: [], others: [] };

/**
 * The same prompt by each strategy. First every strategy writes its text, so that the picture is soon complete; then further
 * samples of the prompt and texts of other prompts, to see how alike they are. One that fails leaves the others alone.
 */
export function* comparePart({ hand, prompt, params }: ExploreHand, env: Env): Generator<Progress<ComparePart>, Compared, void> {
  const read = readStrategies(params, hand.eos);
  if (!read.ok) return { ok: false, problems: [read.problem] };
  const { strategies } = read;
  const prompts = params.prompts.split("\n").map((line) => line.trim()).filter((line) => line !== "").slice(0, MOST_PROMPTS);
  const known: Known[] = strategies.map(({ problem }) => ({ ...NOTHING, problem, finish: problem ? "stopped" : "running" }));
  const part = (): ComparePart => ({ strategies: strategies.map((strategy, i) => rowOf(strategy, known[i], hand, prompt, params.ngram)), prompts });
  const draws = strategies.map(({ config, problem }) => !problem && config.do_sample === true);
  const others = prompts.map((line) => roomyPrompt(hand, line, params.max_new_tokens)).filter((ids) => ids.length > 0);
  const extra = strategies.map(({ problem }, i) => (problem ? 0 : (draws[i] ? params.samples - 1 : 0) + others.length));
  const total = strategies.length + extra.reduce((sum, count) => sum + count, 0);
  let done = 0;

  function* write(i: number, ids: readonly number[], seed: number, show: (ids: readonly number[]) => void): Generator<Progress<ComparePart>, readonly number[], void> {
    const { config, name } = strategies[i];
    const random = seededRandom((params.random_state + 0x9e3779b1 * seed) >>> 0);
    const running = textBy(hand, ids, config, { random, stopping: env.stopping, order: "transformers", forced: new Map() });
    for (;;) {
      const next = running.next();
      if (next.done) {
        if (seed === 0) known[i] = { ...known[i], finish: next.value.finish };
        done++;
        return next.value.ids;
      }
      if ("ids" in next.value) show(next.value.ids);
      yield { fraction: done / total, message: msg("{0}: text {1} of {2}", name, done + 1, total), trace: part };
    }
  }

  for (const [i, { config, problem }] of strategies.entries()) {
    if (problem) {
      done++;
      continue;
    }
    const unfit = unfitFor(hand, config);
    if (unfit) {
      known[i] = { ...known[i], problem: unfit, finish: "stopped" };
      done++;
      continue;
    }
    const begun = env.now();
    const ids = yield* write(i, prompt, 0, (some) => (known[i] = { ...known[i], ids: some, judged: unjudged(some.length) }));
    known[i] = { ...known[i], ids, judged: unjudged(ids.length), milliseconds: env.now() - begun };
    known[i] = { ...known[i], judged: yield* judge(hand, prompt, ids), problem: ids.length === 0 ? withoutText(known[i].finish) : null };
  }
  for (const [i, { problem }] of strategies.entries()) {
    if (problem || known[i].problem || env.stopping()) continue;
    const same = [known[i].ids];
    for (let sample = 1; sample < params.samples && !env.stopping(); sample++) {
      same.push(draws[i] ? yield* write(i, prompt, sample, () => undefined) : known[i].ids);
      known[i] = { ...known[i], same: [...same] };
    }
    const texts: (readonly number[])[] = [];
    for (const ids of others) {
      if (env.stopping()) break;
      texts.push(yield* write(i, ids, texts.length + params.samples, () => undefined));
      known[i] = { ...known[i], others: [...texts] };
    }
  }
  return { ok: true, part: part() };
}

function unjudged(length: number): Judged {
  return { probability: new Float64Array(length).fill(NaN), best: new Int32Array(length).fill(-1) };
}

/** Why a strategy has written nothing, where that is a fault. */
function withoutText(finish: Finish): Message | null {
  if (finish === "invalid") return msg("The logits hold NaN or infinity, which have no softmax. Choose another model.");
  return finish === "no token" ? msg("No token is left: every one was removed. Loosen its parameters.") : null;
}

/** Why a strategy can't run on this source. */
function unfitFor({ model }: Hand, config: GenerationConfig): Message | null {
  if (strategyOf(config) !== "contrastive" || model.hiddenSize > 0) return null;
  return msg("Contrastive search needs a model with hidden states: take the language model as the source.");
}

/** Another prompt, cut at its beginning where it leaves no room. */
function roomyPrompt({ tokenizer, model, bos }: Hand, text: string, room: number): readonly number[] {
  const ids = tokenizer.encode(text);
  if (ids.length === 0) return bos === undefined ? [] : [bos];
  const most = Number.isFinite(model.contextLength) ? Math.max(1, model.contextLength - Math.min(room, model.contextLength >> 1)) : ids.length;
  return ids.slice(-most);
}

/** Texts of tokens by their lists, since a comparison in progress is drawn many times. */
const joined = new WeakMap<readonly number[], Joined>();

function join({ tokenizer }: Hand, ids: readonly number[], prompt: readonly number[]): Joined {
  const known = joined.get(ids) ?? joinTokens(tokenizer, ids, prompt);
  joined.set(ids, known);
  return known;
}

function rowOf({ name, config }: Strategy, { ids: list, judged, finish, problem, milliseconds, same, others }: Known, hand: Hand, prompt: readonly number[], ngram: number): Row {
  const ids = Int32Array.from(list);
  const { text, ends } = join(hand, list, prompt);
  const decode = (texts: Known["same"], before: readonly number[]) => texts.map((each) => join(hand, each, before).text);
  return {
    name, config, strategy: strategyOf(config), ids,
    modelProbability: judged.probability.slice(),
    repeated: repeatMask(ids, ngram),
    text, ends: ends.slice(),
    metrics: metricsOf(ids, judged.best, judged.probability),
    finish, problem, milliseconds,
    samePrompt: { texts: decode(same, prompt), likeness: same.length < 2 ? null : likeness(same, LIKE) },
    otherPrompts: { texts: decode(others, []), likeness: others.length < 2 ? null : likeness(others, LIKE) },
  };
}
