import type { ParamSchema } from "../../core/contract/index.js";
import type { Values } from "../../core/protocol.js";

/** The choice that stands for rows placed in the picture. */
const given = "given";

/**
 * Rows placed in the picture (start means) belong to the columns and to the number they were placed for. Where a change
 * of parameters takes that away, or takes the rows themselves away, the rows go and the choice that asked for them goes
 * back to its default; else the run could only refuse.
 */
export function dropPlaced(schema: ParamSchema, values: Values, patch: Values): Values {
  const changes = (name: string): boolean => Object.hasOwn(patch, name) && JSON.stringify(patch[name]) !== JSON.stringify(values[name] ?? schema[name].default);
  const dropped: Record<string, unknown> = {};
  for (const [name, param] of Object.entries(schema)) {
    if (param.kind !== "rows") continue;
    const rows = values[name];
    if (!Array.isArray(rows) || rows.length === 0) continue;
    const cleared = Array.isArray(patch[name]) && (patch[name] as unknown[]).length === 0;
    const outgrown = Object.entries(schema).some(
      ([other, { kind }]) => changes(other) && (kind === "columns" || kind === "computed" || (kind === "int" && values[other] === rows.length)),
    );
    if (!cleared && (!outgrown || Object.hasOwn(patch, name))) continue;
    dropped[name] = [];
    for (const [other, choice] of Object.entries(schema)) {
      if (choice.kind === "choice" && values[other] === given && !Object.hasOwn(patch, other)) dropped[other] = choice.default;
    }
  }
  return { ...patch, ...dropped };
}
