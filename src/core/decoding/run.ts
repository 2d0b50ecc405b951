import { msg, type Env, type Outcome, type Problem, type Progress } from "../contract/index.js";
import { pieceOf } from "../models/tokenPieces.js";
import { comparePart } from "./compare.js";
import { exploreServer } from "./exploreServer.js";
import { explorePart, listedLater, type ExploreHand } from "./explore.js";
import { decodingParams, type DecodingParams } from "./params.js";
import { promptOf, type Prompt } from "./prompt.js";
import { configOf, configProblems, idleNotes, isBeams, strategyOf } from "./runConfig.js";
import type { DecodingInput } from "./runInput.js";
import { namedTokens } from "./runNames.js";
import { otherModels, takeSource, type Hand } from "./runSource.js";
import { searchPart } from "./search.js";
import { trainingPart } from "./training.js";
import type { DecodingTrace, ExplorePart, SearchPart } from "./trace.js";

type Step = Progress<DecodingTrace>;
type Parts = Pick<DecodingTrace, "explore" | "search" | "compare" | "training">;

/** Computes the part that the tab asks for. */
export function* runDecoding(input: DecodingInput, params: DecodingParams, env: Env): Generator<Step, Outcome<DecodingTrace>, void> {
  const taken = yield* takeSource(input, params, env);
  if (!taken.ok) return taken;
  const { hand } = taken;
  const unfit = unfitFor(hand, params);
  if (unfit) return { ok: false, problems: [unfit] };
  const prompt = promptOf(input, params, hand);
  const config = configOf(params, hand.tokenizer, hand.eos);
  const errors = [...prompt.problems.filter(({ severity }) => severity === "error"), ...(params.tab === "compare" ? [] : configProblems(config))];
  if (errors.length > 0) return { ok: false, problems: errors };
  const setting: ExploreHand = { hand, prompt: prompt.ids, config, params };
  const notes = [...hand.notes, ...prompt.problems, ...(params.tab === "compare" ? [] : notesOf(setting))];
  const whole = (parts: Parts): DecodingTrace => traceOf(setting, prompt, notes, parts);

  switch (params.tab) {
    case "explore": {
      const shown = (part: ExplorePart) => whole({ explore: part });
      if (hand.kind === "server") {
        const { part, problems } = yield* drawn(exploreServer(setting, prompt.text, env), shown);
        return { ok: true, trace: shown(part), problems: [...notes, ...endNotes(part.finish, hand), ...problems] };
      }
      const explore = yield* drawn(explorePart(setting, env), shown);
      const { finish } = explore;
      if (explore.ids.length === 0 && finish === "invalid") return { ok: false, problems: [faulty(hand)] };
      return { ok: true, trace: whole({ explore }), problems: [...notes, ...endNotes(finish, hand)] };
    }
    case "search": {
      const search = yield* drawn(searchPart(setting, env), (part) => whole({ search: part }));
      if (search.kind !== "none" && search.finish === "invalid" && !hasSteps(search)) return { ok: false, problems: [faulty(hand)] };
      return { ok: true, trace: whole({ search }), problems: [...notes, ...(search.kind === "none" ? [] : endNotes(search.finish, hand))] };
    }
    case "compare": {
      const compared = yield* drawn(comparePart(setting, env), (part) => whole({ compare: part }));
      return compared.ok ? { ok: true, trace: whole({ compare: compared.part }), problems: notes } : compared;
    }
    case "training": {
      const training = yield* drawn(trainingPart(setting, env), (part) => whole({ training: part }));
      if (training.ids.length > 1 && training.ids.length === training.promptLength && training.likelihood.every(Number.isNaN)) return { ok: false, problems: [faulty(hand)] };
      return { ok: true, trace: whole({ training }), problems: notes };
    }
  }
}

/** A part's progress as that of the whole trace. */
function* drawn<Part, Result>(running: Generator<Progress<Part>, Result, void>, wrap: (part: Part) => DecodingTrace): Generator<Step, Result, void> {
  for (;;) {
    const next = running.next();
    if (next.done) return next.value;
    const { trace, ...rest } = next.value;
    yield trace ? { ...rest, trace: () => wrap(trace()) } : rest;
  }
}

/** Whether a search has anything to show: beams that could not be scored leave steps without candidates. */
function hasSteps(search: Exclude<SearchPart, { kind: "none" }>): boolean {
  return search.kind === "beams" ? search.steps.some((groups) => groups.some(({ candidates }) => candidates.length > 0)) : search.steps.length > 0;
}

/** What a source can't do. */
function unfitFor({ given, model }: Hand, { tab, penalty_alpha, do_sample, num_beams }: DecodingParams): Problem | undefined {
  const useModel = { label: msg("Use the language model"), params: { source: "model" } };
  if (given && tab !== "explore") {
    return { severity: "error", title: msg("One distribution is not enough"), message: msg("Numbers of one place can't be gone on from. Take a model as the source, or look at the next token."), fixes: [useModel, { label: msg("Look at the next token"), params: { tab: "explore" } }] };
  }
  if (tab !== "search" || model.hiddenSize > 0 || penalty_alpha === 0 || do_sample || num_beams > 1) return undefined;
  return {
    severity: "error",
    title: msg("No hidden states"),
    message: msg("Contrastive search compares hidden states, which n-gram models do not have. Take the language model, or search with beams."),
    fixes: [useModel, { label: msg("Search with 4 beams"), params: { num_beams: 4, penalty_alpha: 0 } }],
  };
}

/** What the reader should know about the parameters. */
function notesOf({ hand, prompt, config, params }: ExploreHand): Problem[] {
  const notes = idleNotes(params);
  const strategy = strategyOf(config);
  if (params.tab === "explore" && !hand.given && (isBeams(strategy) || strategy === "contrastive")) {
    notes.push({
      severity: "info", prominent: true,
      message: strategy === "contrastive" ? msg("With penalty_alpha, generate() weighs several candidates, as Search shows. Here the most probable token is taken.") : msg("With num_beams {0}, generate() follows several texts, as Search shows. Here one is followed.", params.num_beams),
      fixes: [{ label: msg("Show the search"), params: { tab: "search" } }],
    });
  }
  const later = listedLater({ hand, prompt, config, params });
  if (params.tab === "explore" && later < Math.min(params.listed, hand.model.vocabularySize)) notes.push({ severity: "info", prominent: true, message: msg("Behind the first place {0} tokens are listed instead of {1}: the text is long.", later, params.listed) });
  const unknown = hand.kind === "words" || hand.kind === "characters" ? prompt.filter((id) => id === 0).length : 0;
  if (unknown > 0) notes.push({ severity: "info", prominent: true, message: msg("{0} of {1} tokens of the prompt do not occur in the text that was counted; they tell an n-gram model nothing.", unknown, prompt.length) });
  if (params.top_k > hand.model.vocabularySize && params.top_k !== decodingParams.top_k.default && config.do_sample) notes.push({ severity: "info", message: msg("top_k {0} is more than the {1} tokens there are: it keeps all.", params.top_k, hand.model.vocabularySize) });
  return notes;
}

/** Endings that want an explanation. */
function endNotes(finish: string, hand: Hand): Problem[] {
  const named = hand.given?.names.length ?? 1;
  if (finish === "context") return [{ severity: "info", message: msg("The text ends where the model's context is full. Shorten the prompt to go on.") }];
  if (finish === "invalid") return [{ ...faulty(hand), severity: "warning" }];
  if (finish === "unnamed") return [{ severity: "warning", message: msg("The text ends where the draw fell on a token that {0} does not name. Lower top_k to {1} or less, or take another seed.", hand.name, named), fixes: [{ label: msg("Set top_k to {0}", named), params: { top_k: named } }] }];
  if (finish === "part of a character") return [{ severity: "warning", message: msg("The text ends with a token that is a part of a character, which can't be sent to {0} as text. Take another seed.", hand.name) }];
  if (finish === "no token") return [{ severity: "warning", message: msg("The text ends because no token is left: every one was removed. Lower no_repeat_ngram_size, or allow more words.") }];
  return [];
}

function faulty({ kind, name }: Hand): Problem {
  return {
    severity: "error", title: msg("No probabilities"), message: msg("The logits hold NaN or infinity, which have no softmax. The model's weights or the numbers are faulty: replace them."),
    ...(kind === "model" ? { fixes: otherModels(name) } : {}),
  };
}

function traceOf({ hand, prompt: ids, config }: ExploreHand, prompt: Prompt, notes: readonly Problem[], parts: Parts): DecodingTrace {
  const { model, tokenizer, given } = hand;
  const pieceIds = namedTokens(ids, parts);
  return {
    key: `${hand.kind} ${hash(`${hand.mark}\n${ids.join(" ")}`)}`,
    source: {
      kind: hand.kind, name: hand.name, parameters: hand.parameters, eos: hand.eos,
      vocabularySize: given ? given.names.length : model.vocabularySize,
      contextLength: Number.isFinite(model.contextLength) ? model.contextLength : 0,
      hiddenSize: model.hiddenSize,
    },
    prompt: { text: prompt.text, ids: Int32Array.from(ids), cut: prompt.cut, spans: prompt.spans?.slice() ?? null },
    pieceIds,
    pieces: Array.from(pieceIds, (id) => pieceOf(tokenizer, id)),
    config,
    strategy: strategyOf(config),
    notes,
    ...parts,
  };
}

/** FNV-1a over UTF-16 units, twice with different bases. */
function hash(text: string): string {
  let [a, b] = [0x811c9dc5, 0x050c5d1f];
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ (text.charCodeAt(i) + 0x9e37), 0x01000193);
    b ^= b >>> 13;
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36);
}
