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

/** Damerau–Levenshtein distance with adjacent transpositions (optimal string alignment). */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    before = last;
    last = row;
  }
  return last[b.length];
}
