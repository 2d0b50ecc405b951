import { distance } from "../../text/distance.js";
import { callArguments, foreignNames, parameterOf, parameters } from "./table.js";

/**
 * The parameter that a name was meant to be: another library's name for it, the same name in another spelling, or one
 * that a slip or two turn into it. undefined: none, or the name is itself one.
 */
export function nearestName(name: string): string | undefined {
  if (parameterOf(name) || callArguments.includes(name)) return undefined;
  const foreign = foreignNames.get(name);
  if (foreign) return foreign;
  const same = parameters.find((each) => bare(each.name) === bare(name));
  // Short names differ by a letter too often: top_a is another sampler rather than a slip.
  if (same || name.length < 6 || name.length > 60) return same?.name;
  let best: { name: string; slips: number } | undefined;
  for (const each of parameters) {
    const slips = distance(name.toLowerCase(), each.name);
    if (slips <= 2 && each.name.length > 5 && (!best || slips < best.slips)) best = { name: each.name, slips };
  }
  return best?.name;
}

const bare = (name: string) => name.toLowerCase().replace(/[-_ ]/g, "");
