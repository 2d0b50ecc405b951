import type { Values } from "../core/protocol.js";

/**
 * What to remember as defaults for the next session when the reader changes parameters. Lists (columns, computed
 * columns, means placed by hand) belong to one set of data and are not remembered; nor is a start that needs them, nor
 * those of the names in `own`.
 */
export function rememberChanges(remembered: Values, before: Values, after: Values, own: readonly string[] = []): Values {
  const changed = Object.entries(after).filter(([name, value]) => value !== before[name] && isPortable(value) && !own.includes(name));
  return { ...remembered, ...Object.fromEntries(changed) };
}

function isPortable(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean" || (typeof value === "string" && value !== "given");
}
