import type { Json } from "./schema.js";

export type Difference = {
  /** Where it is, such as `means[0][1]`. */
  readonly at: string;
  readonly got: unknown;
  readonly want: unknown;
  /** |got − want| / max(1, |want|); Infinity where they are not both numbers of the same kind. */
  readonly size: number;
  readonly tolerance: number;
};

/** The tolerance at a place of the expected values. */
export type Tolerance = (at: string) => number;

/**
 * Compares what an operation gave with what a fixture expects, by the fixtures' rule: numbers within tolerance × max(1, |want|),
 * everything else exactly. Typed arrays count as lists.
 * @returns the places that differ too much, the worst first
 */
export function compare(got: unknown, want: Json, tolerance: Tolerance, at = ""): Difference[] {
  const found: Difference[] = [];
  visit(got, want, tolerance, at, found);
  return found.sort((a, b) => b.size / (b.tolerance || Number.MIN_VALUE) - a.size / (a.tolerance || Number.MIN_VALUE));
}

function visit(got: unknown, want: Json, tolerance: Tolerance, at: string, found: Difference[]): void {
  const differ = (size = Infinity) => found.push({ at, got, want, size, tolerance: tolerance(at) });
  if (Array.isArray(want)) {
    const list = ArrayBuffer.isView(got) ? Array.from(got as unknown as ArrayLike<number>) : got;
    if (!Array.isArray(list) || list.length !== want.length) differ();
    else want.forEach((element, i) => visit(list[i], element, tolerance, `${at}[${i}]`, found));
  } else if (typeof want === "object" && want !== null) {
    if (typeof got !== "object" || got === null) differ();
    else for (const [key, value] of Object.entries(want)) visit((got as Record<string, unknown>)[key], value, tolerance, at ? `${at}.${key}` : key, found);
  } else if (typeof got === "number" && (typeof want === "number" || ["NaN", "Infinity", "-Infinity"].includes(want as string))) {
    const target = Number(want);
    if (!Number.isFinite(target)) {
      if (!Object.is(got, target)) differ();
    } else {
      const size = Math.abs(got - target) / Math.max(1, Math.abs(target));
      if (!(size <= tolerance(at))) differ(size);
    }
  } else if (got !== want) differ();
}
