import { msg } from "../../contract/index.js";
import type { Processor } from "./processor.js";

/** Divides scores by the temperature, above 0: below 1 the distribution becomes more peaked, above 1 flatter. */
export function temperature(value: number): Processor {
  return {
    name: "TemperatureLogitsWarper",
    parameters: { temperature: value },
    filters: false,
    apply({ scores }, _context, out, { vocabulary }) {
      vocabulary.divide(scores, value, out);
      return () => msg("divided by temperature {0}", value);
    },
  };
}
