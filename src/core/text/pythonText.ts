/** Pieces of Python that several programs share. */

/** A string as Python reads it back. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/** A number as Python reads it back exactly. */
export function number(value: number): string {
  if (Number.isNaN(value)) return "np.nan";
  if (!Number.isFinite(value)) return value > 0 ? "np.inf" : "-np.inf";
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? value.toFixed(1) : String(value);
}

/** One row of numbers. Those of single precision are written with as many digits as tell them apart. */
export function row(values: ArrayLike<number>): string {
  const single = values instanceof Float32Array;
  return `[${Array.from(values, (value) => (single && Number.isFinite(value) ? number(shortest(value)) : number(value))).join(", ")}]`;
}

/** The shortest decimal that is the same number in single precision. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return value;
}

/** An array of rows, a line each. */
export function matrix(values: Float32Array | Float64Array, n: number, d: number): string {
  const rows = Array.from({ length: n }, (_, i) => `    ${row(values.subarray(i * d, (i + 1) * d))},\n`);
  const type = values instanceof Float32Array ? ", dtype=np.float32" : "";
  return `np.array([\n${rows.join("")}]${type})`;
}

/** A list of strings, several a line. */
export function names(list: readonly string[]): string {
  const lines: string[] = [];
  let line = "   ";
  for (const each of list) {
    const text = ` ${quote(each)},`;
    if (line.length + text.length > 110 && line.trim() !== "") {
      lines.push(line);
      line = "   ";
    }
    line += text;
  }
  return lines.length === 0 ? `[${line.trim().replace(/,$/, "")}]` : `[\n${[...lines, line].join("\n")}\n]`;
}
