import type { Literal } from "../../formats/settings/block.js";

const DEEPEST = 50;
const LONGEST_NUMBER = 64;

/** Reads a Python literal: a word, number, string without interpolation, list, tuple or dict. Anything else is unknown. */
export function pythonLiteral(text: string, depth = 0): Literal {
  if (text === "True" || text === "False") return { kind: "boolean", value: text === "True" };
  if (text === "None") return { kind: "null" };
  const short = text.length <= LONGEST_NUMBER;
  if (short && /^[+-]?\d+(_\d+)*$/.test(text)) return { kind: "integer", value: Number(text.replaceAll("_", "")) };
  if (short && /^[+-]?(\d+(_\d+)*\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return { kind: "float", value: Number(text.replaceAll("_", "")) };
  const string = /^[rRuU]?(["'])([^\\\n]*)\1$/.exec(text);
  if (string && !string[2].includes(string[1])) return { kind: "text", value: string[2] };
  const inner = text.slice(1, -1);
  if (depth > DEEPEST || text.length < 2) return { kind: "unknown" };
  if ((text[0] === "[" && text.endsWith("]")) || (text[0] === "(" && text.endsWith(")"))) {
    const parts = partsOf(inner);
    if (!parts || (text[0] === "(" && parts.length < 2 && !/,\s*$/.test(inner))) return { kind: "unknown" };
    return { kind: "list", items: parts.map((part) => pythonLiteral(part, depth + 1)) };
  }
  return text[0] === "{" && text.endsWith("}") && partsOf(inner) ? { kind: "object" } : { kind: "unknown" };
}

/** The parts between commas outside of brackets and strings; undefined when brackets do not match or a comprehension stands there. */
function partsOf(text: string): string[] | undefined {
  const parts: string[] = [];
  const open: string[] = [];
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"' || char === "'") {
      const end = text.indexOf(char, i + 1);
      if (end < 0) return undefined;
      i = end;
    } else if ("([{".includes(char)) open.push(char === "(" ? ")" : char === "[" ? "]" : "}");
    else if (")]}".includes(char)) {
      if (open.pop() !== char) return undefined;
    } else if (char === "," && open.length === 0) {
      parts.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  if (open.length > 0 || /\bfor\b/.test(text)) return undefined;
  const last = text.slice(from).trim();
  return last === "" ? parts : [...parts, last];
}
