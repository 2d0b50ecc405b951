import { msg } from "../../contract/index.js";
import type { Processor } from "./processor.js";

/** Divides scores by the temperature, above 0: below 1 the distribution becomes more peaked, above 1 flatter. */
export function temperature(value: number): Processor {
  return {
    name: "TemperatureLogitsWarper",
    parameters: { temperature: value },
    filters: false,
    apply({ scores }, _context, out) {
      for (let i = 0; i < out.length; i++) out[i] = scores[i] / value;
      return () => msg("divided by temperature {0}", value);
    },
  };
}
