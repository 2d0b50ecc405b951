/**
 * The title of a panel, which no other panel has: restored panels are told apart by it. A first panel of a source is
 * named after it alone (`base`), a further one with its lines, then with a number too.
 * @param lines asked for only when the title needs them; empty for a whole source
 * @param taken the titles of other panels
 * @param now the panel's title so far, kept while it is true and its own
 */
export function titleFor(base: string, lines: () => string, taken: ReadonlySet<string>, now?: string): string {
  if (now === base && !taken.has(base)) return base;
  const range = now !== undefined || taken.has(base) ? lines() : "";
  const long = range === "" ? base : `${base}:${range}`;
  const number = now?.startsWith(`${long} (`) ? now.slice(long.length) : "";
  const kept = now !== undefined && (now === long || /^ \(\d+\)$/.test(number));
  if (kept && !taken.has(now)) return now;
  if (!taken.has(base)) return base;
  if (!taken.has(long)) return long;
  for (let i = 2; ; i++) if (!taken.has(`${long} (${i})`)) return `${long} (${i})`;
}
