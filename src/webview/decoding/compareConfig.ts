import { defaultsOf, msg, type Message } from "../../core/contract/index.js";
import { readStrategies, MOST_STRATEGIES, DEFAULT_STRATEGIES } from "../../core/decoding/compareStrategies.js";
import { decodingParams, type DecodingParams } from "../../core/decoding/params.js";
import type { Values } from "../../core/protocol.js";

/** A strategy as the reader wrote it. */
export type WrittenStrategy = { readonly name: string; readonly config: Readonly<Record<string, unknown>> };

export { MOST_STRATEGIES };

/** Parameters that are the same for all, and so say nothing about one. */
const common = new Set(["max_new_tokens", "eos_token_id"]);

/** The strategies in force: the reader's own list, else Lumen's four. */
export function writtenStrategies(params: Values): readonly WrittenStrategy[] {
  const text = typeof params.strategies === "string" ? params.strategies : "";
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list.filter(isWritten);
  } catch {
    // Empty, or written by hand and broken: the run says so.
  }
  return DEFAULT_STRATEGIES.map(({ name, config }) => ({ name, config: config as WrittenStrategy["config"] }));
}

function isWritten(each: unknown): each is WrittenStrategy {
  const { name, config } = (typeof each === "object" && each !== null ? each : {}) as { readonly name?: unknown; readonly config?: unknown };
  return typeof name === "string" && typeof config === "object" && config !== null && !Array.isArray(config);
}

const drawn = ["temperature", "top_k", "top_p", "min_p", "top_h", "typical_p", "epsilon_cutoff", "eta_cutoff"];

/** The parameters that make a strategy what it is, as "name value". Whether it draws is left out where the others tell. */
export function configText(config: Readonly<Record<string, unknown>>): string {
  const told = config.do_sample === true ? drawn.some((name) => Boolean(config[name])) : Number(config.num_beams ?? 1) > 1 || Boolean(config.penalty_alpha);
  const shown = Object.entries(config).filter(([name, value]) => !common.has(name) && value !== null && value !== undefined && !(name === "do_sample" && told) && !(name === "top_k" && value === 0));
  return shown.map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : String(value).replace("-", "\u2212")}`).join(", ");
}

/** Whether a compared strategy was made from what is written: what is written is part of what it ran with. */
export function isMadeFrom(written: WrittenStrategy, made: { readonly name: string; readonly config: object }): boolean {
  const config = made.config as Readonly<Record<string, unknown>>;
  return made.name === written.name && Object.entries(written.config).every(([name, value]) => value === null || JSON.stringify(config[name]) === JSON.stringify(value));
}

export type ReadConfig = { readonly ok: true; readonly strategy: WrittenStrategy } | { readonly ok: false; readonly problem: Message };

/** Reads one strategy from its name and the JSON of its parameters; says what is wrong, where, and what would be right. */
export function readStrategy(name: string, text: string): ReadConfig {
  if (name.trim() === "") return { ok: false, problem: msg("The strategy has no name. Write one, such as {0}.", "top-p") };
  let config: unknown;
  try {
    config = JSON.parse(text.trim() === "" ? "{}" : text);
  } catch (error) {
    const at = Number(/position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1] ?? text.length);
    const before = text.slice(0, at).split("\n");
    return { ok: false, problem: msg("This is not valid JSON (line {0}, column {1}). Write {2}.", before.length, before[before.length - 1].length + 1, '{"do_sample": true, "top_p": 0.9}') };
  }
  if (typeof config !== "object" || config === null || Array.isArray(config)) return { ok: false, problem: msg("The parameters must be a JSON object. Write {0}.", '{"do_sample": true, "top_p": 0.9}') };
  const params: DecodingParams = { ...defaultsOf(decodingParams), strategies: JSON.stringify([{ name: name.trim(), config }]) };
  const read = readStrategies(params, []);
  const problem = read.ok ? read.strategies[0].problem : read.problem.message;
  return problem ? { ok: false, problem } : { ok: true, strategy: { name: name.trim(), config: config as WrittenStrategy["config"] } };
}
