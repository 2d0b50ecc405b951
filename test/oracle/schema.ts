import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type OracleCase = {
  readonly case: string;
  readonly op: string;
  readonly tolerance: number;
  readonly input: { readonly [key: string]: Json };
  readonly expected: { readonly [key: string]: Json };
  readonly rounding_sensitive?: boolean;
  readonly tie_sensitive?: boolean;
};

export type OracleFile = {
  /** Path relative to the directory asked for. */
  readonly name: string;
  readonly folder: string;
  /** The whole file: some hold tables that their cases share. */
  readonly shared: { readonly [key: string]: Json };
  readonly cases: readonly OracleCase[];
};

/** Every fixture file of a directory, at any depth, in the order of their paths. */
export function readOracle(directory: string): OracleFile[] {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".json") && path.basename(name) !== "config.json")
    .sort()
    .flatMap((name) => {
      const file = path.join(directory, name);
      const shared = JSON.parse(readFileSync(file, "utf8")) as OracleFile["shared"];
      if (typeof shared !== "object" || shared === null || !Array.isArray(shared.cases)) return [];
      return [{ name, folder: path.dirname(file), shared, cases: shared.cases as unknown as OracleCase[] }];
    });
}

/** A number of a fixture, where the non-finite ones are strings. */
export function toNumber(value: Json): number {
  if (typeof value === "number") return value;
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  throw new TypeError(`Not a number: ${JSON.stringify(value)}`);
}

/** Nested lists of numbers, flat, in the order in which they stand. */
export function flatNumbers(value: Json): Float64Array {
  const out: number[] = [];
  const visit = (v: Json) => {
    if (Array.isArray(v)) v.forEach(visit);
    else out.push(toNumber(v));
  };
  visit(value);
  return Float64Array.from(out);
}

/** A table of rows, columns apart. */
export function columnsOf(value: Json): Float64Array[] {
  const rows = value as readonly (readonly Json[])[];
  return Array.from({ length: rows[0]?.length ?? 0 }, (_, d) => Float64Array.from(rows, (row) => toNumber(row[d])));
}

/** [n, width] row-major as nested lists. */
export function nested(values: ArrayLike<number>, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, i) => Array.from({ length: width }, (_, j) => values[i * width + j]));
}
