import { msg, type Message } from "../../contract/index.js";
import type { Entry, Literal } from "../../formats/settings/block.js";
import type { PlainValue } from "../../formats/settings/edits.js";
import { inRange, type Parameter } from "./parameter.js";
import { both, problem, remove, removal, set, type ConfigProblem, type Looked } from "./problem.js";
import type { TextFix } from "../../formats/settings/edits.js";
import { parameterOf, parameters } from "./table.js";
import { known } from "./values.js";

/** Values of the wrong type, out of range, or whole where transformers wants a float. */
export function valueLints(looked: Looked): ConfigProblem[] {
  return looked.block.entries.flatMap((entry) => {
    const parameter = parameterOf(entry.name);
    const found = parameter && (wrongType(looked, entry, parameter) ?? outOfRange(looked, entry, parameter) ?? wantsFloat(looked, entry, parameter));
    return found ? [found] : [];
  });
}

function wrongType(looked: Looked, entry: Entry, parameter: Parameter): ConfigProblem | undefined {
  const { value } = entry;
  if (value.kind === "null" || value.kind === "unknown" || fits(value, parameter)) return undefined;
  const { name } = parameter;
  const meant = meantBy(value, parameter);
  const fixes = meant === undefined ? [removal(looked, entry)] : [set(looked, name, meant), removal(looked, entry)];
  const shown = looked.text.slice(entry.valueSpan.start, entry.valueSpan.end);
  return problem("type", "error", entry, typeSentence(parameter, shown.length > 40 ? `${shown.slice(0, 40)}…` : shown), fixes);
}

function fits(value: Literal, { types, choices }: Parameter): boolean {
  if (value.kind === "text" && choices && types.includes("text")) return choices.includes(value.value);
  if (value.kind === "integer") return types.includes("integer") || types.includes("number");
  return types.includes(value.kind === "float" ? "number" : (value.kind as Parameter["types"][number]));
}

/** What a value of the wrong type was meant to be: "0.7" 0.7, 1 true, 50.0 50. */
function meantBy(value: Literal, { types, choices, range }: Parameter): PlainValue | undefined {
  if (value.kind === "integer" && types.includes("boolean") && (value.value === 0 || value.value === 1)) return value.value === 1;
  if (value.kind === "float" && types.includes("integer") && Number.isInteger(value.value)) return value.value;
  if (value.kind !== "text") return undefined;
  const word = value.value.trim().toLowerCase();
  if (types.includes("boolean") && (word === "true" || word === "false")) return word === "true";
  if (choices?.includes(word)) return word;
  const number = word === "" ? NaN : Number(word);
  const numeric = types.includes("number") || (types.includes("integer") && Number.isInteger(number));
  return numeric && inRange(number, range) ? number : undefined;
}

function typeSentence({ name, types, choices }: Parameter, shown: string): Message {
  const words = choices?.map((each) => `"${each}"`).join(", ") ?? "";
  const [first, second] = types;
  if (first === "boolean" && choices) return msg("{0} must be true, false or {1}, not {2}.", name, words, shown);
  if (first === "boolean") return msg("{0} must be true or false, not {1}.", name, shown);
  if (first === "integer") return second ? msg("{0} must be a whole number or a list of them, not {1}.", name, shown) : msg("{0} must be a whole number, not {1}.", name, shown);
  if (first === "number") return msg("{0} must be a number, not {1}.", name, shown);
  if (first === "list") return msg("{0} must be a list, not {1}.", name, shown);
  if (first === "object") return msg("{0} must be an object, not {1}.", name, shown);
  if (choices && !second) return msg("{0} must be one of {1}, not {2}.", name, words, shown);
  return second ? msg("{0} must be a text or a list, not {1}.", name, shown) : msg("{0} must be a text, not {1}.", name, shown);
}

function outOfRange(looked: Looked, entry: Entry, parameter: Parameter): ConfigProblem | undefined {
  const { value } = entry;
  const { name, range } = parameter;
  if ((value.kind !== "integer" && value.kind !== "float") || inRange(value.value, range)) return undefined;
  if (name === "temperature") return badTemperature(looked, entry, value.value);
  const shown = looked.text.slice(entry.valueSpan.start, entry.valueSpan.end);
  const nearest = nearestIn(value.value, parameter);
  const fixes = nearest === undefined ? [removal(looked, entry)] : [set(looked, name, nearest), removal(looked, entry)];
  // The token ids and penalty_alpha are the ones that transformers itself takes without a word.
  const severity = name.endsWith("_id") || name === "penalty_alpha" || /cutoff/.test(name) ? "warning" : "error";
  return problem("range", severity, entry, rangeSentence(parameter, shown), fixes);
}

/** The end of the range that a value has passed; undefined when that end is itself left out. */
function nearestIn(value: number, { range, types, suggestion }: Parameter): number | undefined {
  if (!range || !Number.isFinite(value)) return undefined;
  const end = value < range.least || (value === range.least && range.openLeast) ? range.least : range.most;
  if (inRange(end, range) && (types[0] !== "integer" || Number.isInteger(end))) return end;
  return typeof suggestion === "number" ? suggestion : undefined;
}

function rangeSentence({ name, range }: Parameter, shown: string): Message {
  const { least, most, openLeast, openMost } = range ?? { least: -Infinity, most: Infinity };
  if (least === -Infinity) return msg("{0} must be a finite number, not {1}.", name, shown);
  if (most === Infinity) return openLeast ? msg("{0} must be above {1}, not {2}.", name, least, shown) : msg("{0} must be at least {1}, not {2}.", name, least, shown);
  if (openLeast) return msg("{0} must be above {1} and at most {2}, not {3}.", name, least, most, shown);
  return openMost ? msg("{0} must be at least {1} and below {2}, not {3}.", name, least, most, shown) : msg("{0} must be from {1} to {2}, not {3}.", name, least, most, shown);
}

/** Without sampling a temperature of 0 is only one more parameter that does nothing. */
function badTemperature(looked: Looked, entry: Entry, value: number): ConfigProblem | undefined {
  const sample = known(looked.block, "do_sample");
  if (sample.value !== true) {
    if (sample.value === undefined || value < 0) {
      const message = msg("generate() refuses a temperature of 0 or below. Leave it out, and do_sample false, for the most probable token each time.");
      return problem("range", "warning", entry, message, [removal(looked, entry)]);
    }
    return undefined;
  }
  const message =
    value === 0
      ? msg("generate() refuses temperature 0 when it samples. For the most probable token each time, set do_sample to false.")
      : msg("generate() refuses a temperature below 0. Values from 0.5 to 1 are usual.");
  return problem("range", "error", entry, message, value === 0 ? [stopSampling(looked), set(looked, "temperature", 0.7)] : [set(looked, "temperature", 0.7), removal(looked, entry)]);
}

/** Sets do_sample to false and removes what would do nothing then, but for a parameter that other strategies heed. */
export function stopSampling(looked: Looked, spared?: string): TextFix {
  const { block } = looked;
  const names = new Set(parameters.filter(({ need }) => need === "sampling").map(({ name }) => name));
  const needed = block.entries.filter(({ name }) => names.has(name) && name !== spared);
  const off = set(looked, "do_sample", false);
  return needed.length === 0 ? off : both(msg("Set do_sample to false, and remove what needs it"), off, remove(looked, ...needed));
}

function wantsFloat(looked: Looked, entry: Entry, { name, float, need, default: byDefault }: Parameter): ConfigProblem | undefined {
  const { value } = entry;
  if (!float || value.kind !== "integer" || value.value === byDefault) return undefined;
  if (need === "sampling" && known(looked.block, "do_sample").value !== true) return undefined;
  const message = msg("transformers refuses {0} as a whole number. Write {1}.", name, value.value.toFixed(1));
  return problem("float", "error", entry, message, [set(looked, name, value.value)]);
}
