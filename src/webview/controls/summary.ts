import { msg, type Message, type Param, type ParamSchema } from "../../core/contract/index.js";
import type { Values } from "../../core/protocol.js";
import { shortNumber } from "./scale.js";

/** How well-known parameters read in a sentence; they are always in it. */
const phrases: { readonly [name: string]: (value: number) => Message } = {
  n_components: (v) => msg("K {0}", v),
  n_init: (v) => (v === 1 ? msg("1 start") : msg("{0} starts", v)),
  tol: (v) => msg("tol {0}", shortNumber(v)),
  random_state: (v) => msg("seed {0}", v),
};

/** Choices that go without saying while they are as they begin. */
const quietChoices: readonly string[] = ["stop rule", "early_stopping"];

/**
 * The parameters as one quiet line: choices by value, the well-known numbers, and whatever is not at its default.
 * `isShown` leaves out those that do not matter now.
 */
export function summary(schema: ParamSchema, values: Values, isShown: (name: string) => boolean = (name) => !schema[name].hidden): Message[] {
  const parts: Message[] = [];
  for (const [name, param] of Object.entries(schema)) {
    if (!isShown(name)) continue;
    const value = values[name] ?? param.default;
    const phrase = phraseOf(name, param, value);
    if (phrase) parts.push(phrase);
  }
  return parts;
}

function phraseOf(name: string, param: Param, value: unknown): Message | undefined {
  const changed = JSON.stringify(value) !== JSON.stringify(param.default);
  switch (param.kind) {
    case "int":
    case "number":
      if (typeof value !== "number") return undefined;
      if (Object.hasOwn(phrases, name)) return phrases[name](value);
      return changed ? msg("{0} {1}", param.label, shortNumber(value)) : undefined;
    case "choice":
      if (!changed && quietChoices.includes(param.label)) return undefined;
      // A value such as "true" says nothing without its name.
      return /^(?:true|false|never)$/.test(String(value)) ? msg("{0} {1}", param.label, String(value)) : msg("{0}", String(value));
    case "boolean":
      return changed ? (value ? msg("{0}", param.label) : msg("no {0}", param.label)) : undefined;
    case "text":
      return changed && typeof value === "string" ? msg("{0} {1}", param.label, value.length > 40 ? `${value.slice(0, 39)}…` : value) : undefined;
    case "columns":
      return Array.isArray(value) && value.length > 0 ? msg("{0}", value.join(" × ")) : undefined;
    case "computed":
      return Array.isArray(value) && value.length > 0 ? msg("{0}", value.map((c: { name: string }) => c.name).join(", ")) : undefined;
    case "rows":
      return Array.isArray(value) && value.length > 0 ? msg("{0} placed by hand", param.label) : undefined;
  }
}
