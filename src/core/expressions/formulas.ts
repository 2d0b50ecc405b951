import { msg, type Progress } from "../contract/index.js";
import type * as formula from "./formula.js";

type Formulas = typeof formula;

let formulas: Formulas | undefined;

/** Reads what compiles formulas, for which nobody waits then. */
export async function readFormulas(): Promise<void> {
  formulas = await import("./formula.js");
}

/** What compiles formulas. It is read when it is first wanted: that takes longer than a small fit, and few fits have a formula. */
export function* awaitFormulas(): Generator<Progress, Formulas, void> {
  while (!formulas) yield { fraction: NaN, message: msg("Starting"), until: readFormulas() };
  return formulas;
}
