import { msg, type Problem } from "../contract/index.js";
import { givenLogits, givenProbabilities, givenTopLogProbabilities, lookLikeProbabilities, type Given } from "./given.js";
import type { DecodingParams } from "./params.js";

/** A distribution that a text holds, with its tokens' names. */
export type GivenTokens = Given & {
  /** [V] without those that stand for the rest. */
  readonly names: readonly string[];
  /** The mass that is not named. */
  readonly restMass: number;
  /** Whether the source says that they are log-probabilities of the likeliest tokens. */
  readonly listed: boolean;
};

/** The numbers of a text and their names, before they are taken as anything. */
type Found = { readonly names: readonly string[]; readonly values: readonly number[]; readonly kind: "numbers" | "log-probabilities" | "probabilities"; readonly notes: readonly Problem[] };

/** No more tokens than this stand for the rest. */
const MOST_REST = 262_144;
const NUMBER = /[+\-\u2212]?(?:\d[\d_]*\.?\d*(?:[eE][+\-\u2212]?\d+)?|\.\d+(?:[eE][+\-\u2212]?\d+)?|(?:Infinity|inf(?:inity)?|nan)\b)/gi;
const PAIR = new RegExp(`("(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*')\\s*:\\s*(${NUMBER.source})`, "gi");

/**
 * Reads logits or probabilities from a text: an array, a map of token to value, or a response with `top_logprobs`. What such
 * a response does not name becomes tokens no likelier than its least one, so that every cut acts as it would on the whole.
 */
export function readGiven(text: string, take: DecodingParams["given"]): GivenTokens {
  const found = find(text);
  if (found.values.length === 0) {
    const message = msg("No numbers are selected. Select logits or probabilities such as {0} or {1}, or a response with top_logprobs.", "[3, 2, 1]", '{"the": 0.6, "a": 0.4}');
    return { kind: "logits", logits: new Float64Array(0), rest: -1, names: [], restMass: 0, listed: false, problems: [{ severity: "error", title: msg("No numbers"), message }] };
  }
  const { names, values, notes } = found;
  const given = takenAs(found, take);
  const problems = [...notes, ...given.problems.map((problem) => offer(problem, given.kind))];
  // The choice outlives the numbers that it was made for.
  if (take === "logits" && found.kind === "numbers" && lookLikeProbabilities(values)) problems.push(takenOtherwise());
  if (given.rest < 0) return { ...given, names, problems, restMass: 0, listed: found.kind !== "numbers" };
  const restMass = Math.exp(given.logits[given.rest]);
  const named = given.logits.subarray(0, given.rest);
  const least = Math.exp(named.reduce((low, value) => (value > -Infinity ? Math.min(low, value) : low), Infinity));
  // One more than fit at least, so that a named token never ties with one of the rest.
  const count = Math.min(MOST_REST, Math.floor(restMass / least + 1e-6) + 1);
  const logits = new Float64Array(named.length + count).fill(Math.log(restMass / count));
  logits.set(named);
  problems.push({
    severity: "info", prominent: true,
    message: count === 1
      ? msg("The response names {0} tokens, which have {1}% together. The rest is taken as one token.", values.length, percent(1 - restMass))
      : msg("The response names {0} tokens, which have {1}% together. The rest is taken as {2} tokens, none likelier than the least of them.", values.length, percent(1 - restMass), count),
  });
  return { ...given, logits, names, problems, restMass, listed: true };
}

function takenAs({ values, kind }: Found, take: DecodingParams["given"]): Given {
  if (take === "logits") return givenLogits(values);
  if (kind === "log-probabilities") return givenTopLogProbabilities(values);
  if (kind === "probabilities") return givenTopLogProbabilities(values.map((p) => Math.log(p)));
  if (take === "normalised") return givenProbabilities(values, true);
  return values.every((value) => value >= 0 && value <= 1) ? givenProbabilities(values) : givenLogits(values);
}

/** Adds what the reader can do about numbers that are no probabilities, or do not sum to 1. */
function offer(problem: Problem, kind: Given["kind"]): Problem {
  if (problem.severity === "info" || kind !== "probabilities") return problem;
  const logits = { label: msg("Take them as logits"), params: { given: "logits" } };
  return { ...problem, fixes: problem.severity === "error" ? [logits] : [{ label: msg("Normalise"), params: { given: "normalised" } }, logits] };
}

function takenOtherwise(): Problem {
  return {
    severity: "warning",
    message: msg("The numbers look like probabilities, but are taken as logits, as you chose."),
    fixes: [{ label: msg("Take them as probabilities"), params: { given: "auto" } }],
  };
}

const percent = (share: number): number => Number((100 * share).toPrecision(3));

function find(text: string): Found {
  const json = parsed(text);
  const response = json === undefined ? undefined : responseIn(json);
  if (response) return response;
  if (typeof json === "object" && json !== null && !Array.isArray(json)) {
    const entries = Object.entries(json).filter((entry): entry is [string, number] => typeof entry[1] === "number");
    if (entries.length > 0) return numbers(entries);
  }
  if (Array.isArray(json) && json.every((each): each is number => typeof each === "number")) return numbers(json.map((value, i) => [String(i), value]));
  const pairs = Array.from(text.matchAll(PAIR), ([, name, value]): [string, number] => [unquoted(name), numberOf(value)]);
  if (pairs.length > 0) return numbers(pairs);
  return numbers(Array.from(text.matchAll(NUMBER), ([value], i) => [String(i), numberOf(value)]));
}

function numbers(entries: readonly (readonly [string, number])[]): Found {
  return { names: entries.map(([name]) => name), values: entries.map(([, value]) => value), kind: "numbers", notes: [] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unquoted(quoted: string): string {
  const value = parsed(quoted.startsWith("'") ? `"${quoted.slice(1, -1).replace(/"/g, '\\"').replace(/\\'/g, "'")}"` : quoted);
  return typeof value === "string" ? value : quoted.slice(1, -1);
}

function numberOf(text: string): number {
  const plain = text.replace("\u2212", "-").replace(/_/g, "").toLowerCase();
  const size = /^[+-]?(inf|nan)/.exec(plain);
  if (!size) return Number(plain);
  return size[1] === "nan" ? NaN : plain.startsWith("-") ? -Infinity : Infinity;
}

/**
 * The first place of a response: OpenAI's completions (`top_logprobs` is a map a place) and chat (a list of `token` and `logprob`),
 * as llama.cpp, Ollama and vLLM answer too, and llama.cpp's own with `prob`.
 */
function responseIn(json: unknown, depth = 0, places = 1): Found | undefined {
  if (typeof json !== "object" || json === null || depth > 8) return undefined;
  if (!Array.isArray(json)) {
    const list = listIn(json);
    if (Array.isArray(list) && list.length > 0) {
      // Echoed prompts begin with a place that nothing predicts.
      const first = (list as unknown[]).find((each) => each !== null);
      const chat = entryOf(first);
      if (chat) return response((list as unknown[]).flatMap((each) => entryOf(each) ?? []), places);
      if (typeof first === "object" && first !== null) {
        const entries = Object.entries(first).filter((entry): entry is [string, number] => typeof entry[1] === "number");
        if (entries.length > 0) return response(entries.map(([name, value]) => ({ name, value, prob: false })), list.length);
      }
    }
  }
  // Where each place has a record of its own, those beside it are further places.
  const beside = Array.isArray(json) ? json.filter((each) => Array.isArray(listIn(each))).length : 1;
  for (const each of Object.values(json)) {
    const found = responseIn(each, depth + 1, beside);
    if (found) return found;
  }
  return undefined;
}

function listIn(json: unknown): unknown {
  const { top_logprobs: logprobs, top_probs: probs } = (json ?? {}) as Readonly<Record<string, unknown>>;
  return logprobs ?? probs;
}

type Listed = { readonly name: string; readonly value: number; readonly prob: boolean };

function entryOf(value: unknown): Listed | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { token, logprob, prob } = value as Readonly<Record<string, unknown>>;
  if (typeof token !== "string") return undefined;
  if (typeof logprob === "number") return { name: token, value: logprob, prob: false };
  return typeof prob === "number" ? { name: token, value: prob, prob: true } : undefined;
}

function response(entries: readonly Listed[], places: number): Found {
  const notes: Problem[] = places > 1 ? [{ severity: "info", prominent: true, message: msg("The response has {0} places. The first is shown.", places) }] : [];
  return { names: entries.map(({ name }) => name), values: entries.map(({ value }) => value), kind: entries[0].prob ? "probabilities" : "log-probabilities", notes };
}
