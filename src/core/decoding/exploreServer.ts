import { msg, type Env, type Problem, type Progress } from "../contract/index.js";
import type { GenerationConfig } from "./config.js";
import { otherOrder, partOf, type ExploreHand } from "./explore.js";
import { stagesAt } from "./exploreStages.js";
import { chainFor, choose, forcedTokens, type Chosen } from "./exploreText.js";
import { namesTokenizer } from "./namesTokenizer.js";
import { Pipeline } from "./pipeline.js";
import { badWordIds } from "./runConfig.js";
import { readGiven, type GivenTokens } from "./runGiven.js";
import { endsText, isSendable, type ServerTokens } from "./serverTokens.js";
import { roomFor } from "./strategies/generate.js";
import type { ExplorePart, StagesAt } from "./trace.js";

export type ServerText = { readonly part: ExplorePart; readonly problems: readonly Problem[] };

/**
 * The text token by token, as `explorePart` makes it, where a server gives the likeliest tokens of each place: it is asked anew
 * behind each token that was chosen. Tokens that it does not name can't be chosen: where the draw falls on them, the text ends.
 * @param text the prompt as it was sent
 */
export function* exploreServer(setting: ExploreHand, text: string, env: Env): Generator<Progress<ExplorePart>, ServerText, void> {
  const { hand, prompt, config, params } = setting;
  const tokens = hand.tokenizer as ServerTokens;
  const begun = env.now();
  const { count } = roomFor(config, prompt.length, Infinity);
  const forced = forcedTokens(params.forced);
  const at: StagesAt[] = [];
  const chosen: Chosen[] = [];
  let other: ExplorePart["other"] = null;
  let given: GivenTokens = hand.given!;
  const part = (finish: ExplorePart["finish"]): ExplorePart => partOf({ hand, prompt, params, chosen, at, other, finish, milliseconds: env.now() - begun });
  const ended = (finish: ExplorePart["finish"], problems: readonly Problem[] = []): ServerText => ({ part: part(finish), problems });
  const made = () => chosen.map(({ token }) => tokens.text(token));

  for (let t = 0; ; t++) {
    const place = placeOf(given, text, made(), config, params.bad_words);
    const pipeline = new Pipeline(given.logits.length);
    const chain = chainFor(place.config, place.ids.length - t, count, params.order);
    const run = pipeline.run(given.logits, chain, { ids: place.ids, promptLength: place.ids.length - t, random: env.random });
    const global = Int32Array.from(given.names, (name) => tokens.idOf(name));
    const local = forced.has(t) ? global.indexOf(forced.get(t)!) : -1;
    const full = t === count;
    const found = full || env.stopping() ? undefined : choose(run, config, env.random, local === -1 ? undefined : local);
    const named = typeof found === "object" && found.token < given.names.length ? found : undefined;
    at.push(renumbered(stagesAt(run, params.listed, named ? [named.token] : [], new Uint8Array(given.logits.length), given.names.length), global));
    if (t === 0) other = otherOrder(run, setting, new Pipeline(given.logits.length), given.names.length);
    if (full) return ended("length");
    if (found === undefined) return ended("stopped");
    if (typeof found === "string") return ended(found);
    if (!named) return ended("unnamed");
    const name = given.names[named.token];
    chosen.push({ ...named, token: global[named.token], best: global[named.best] ?? -1 });
    if (endsText(name)) return ended("eos");
    if (!isSendable(name)) return ended("part of a character");
    const wants = text + made().join("");
    yield { fraction: chosen.length / count, message: msg("Token {0} of {1}: asking {2}", chosen.length + 1, count, hand.name), trace: () => part("running"), urgent: true, wants };
    const answer = env.asked?.(wants);
    if (!answer) return ended("stopped");
    if (!answer.ok) return ended("no answer", [{ ...answer.problem, severity: "warning", fixes: [{ label: msg("Try again"), params: {} }, ...(answer.problem.fixes ?? [])] }]);
    given = readGiven(answer.text, "auto");
    const faults = given.problems.filter(({ severity }) => severity === "error");
    if (faults.length > 0) return ended("no answer", faults.map((problem) => ({ ...problem, severity: "warning" })));
  }
}

type Place = { readonly ids: readonly number[]; readonly config: GenerationConfig };

/** The text so far in the numbers of one answer: what it does not name has a number of its own below 0, which no penalty reaches. */
function placeOf({ names, logits }: GivenTokens, prompt: string, made: readonly string[], config: GenerationConfig, badWords: string): Place {
  const tokenizer = namesTokenizer(names, logits.length);
  const unnamed = new Map<string, number>();
  const idOf = (name: string): number => {
    const id = names.indexOf(name);
    if (id >= 0) return id;
    if (!unnamed.has(name)) unnamed.set(name, -1 - unnamed.size);
    return unnamed.get(name)!;
  };
  const bad = badWordIds(badWords, tokenizer);
  const eos = names.flatMap((name, id) => (endsText(name) ? [id] : []));
  const { bad_words_ids: _, ...rest } = config;
  return {
    ids: [...tokenizer.encode(prompt), ...made.map(idOf)],
    config: { ...rest, ...(bad.length > 0 ? { bad_words_ids: bad } : {}), ...(eos.length > 0 ? { eos_token_id: eos } : {}) },
  };
}

/** Stages whose tokens have the numbers of the whole text. */
function renumbered(at: StagesAt, global: Int32Array): StagesAt {
  return { ...at, ids: at.ids.map((id) => global[id]), reasonTokens: at.reasonTokens.map((id) => global[id]) };
}
