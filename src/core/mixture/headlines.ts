import { msg, type Message } from "../contract/index.js";
import { numberWord } from "./numberWord.js";
import type { Fit } from "./trace.js";

/** Headlines that the story and the problems of a fit share, so that the shell sees that both say the same. */

/** Of a fit whose final components collapsed. */
export function collapseTitle(components: number): Message {
  return components === 1 ? msg("One component has collapsed") : msg("{0} components have collapsed", numberWord(components, true));
}

/** Of a fit that failed. */
export function brokenTitle(fit: Fit): Message {
  return msg("The fit broke off after iteration {0}", fit.iterations);
}
