import type { AttentionTrace, MapPart } from "../../core/attention/trace.js";

/** How far the sum of a row may be from 1 and still be called 1. */
const TOLERANCE = 1e-3;
/** From this share of a head's attention on it is said to do one thing. */
const MOST = 0.5;

export type RoleShare = { readonly role: "previous" | "first" | "self" | "same"; readonly share: number };

/** What the drawing of a map asks of its part of the trace. */
export class MapModel {
  readonly rows: number;
  readonly columns: number;
  /** Side of the square that the map lies in. */
  readonly n: number;
  readonly weights: Float32Array;
  /** The least and the largest sum of a row; rows with values that are no numbers are left out. */
  readonly sums: readonly [number, number];
  /** Cells whose value is no number. */
  readonly undefinedCells: number;
  readonly padded: boolean;
  /** Some head does one thing for the most part. */
  readonly hasRoles: boolean;

  constructor(readonly trace: AttentionTrace, readonly part: MapPart) {
    const { shown } = part;
    this.rows = shown.rows;
    this.columns = shown.columns;
    this.n = Math.max(1, shown.rows, shown.columns);
    this.weights = shown.weights;
    let [least, largest, none] = [Infinity, -Infinity, 0];
    for (let row = 0; row < shown.rows; row++) {
      let sum = 0;
      for (let column = 0; column < shown.columns; column++) {
        const weight = shown.weights[row * shown.columns + column];
        if (Number.isNaN(weight)) none++;
        sum += weight;
      }
      if (Number.isNaN(sum)) continue;
      [least, largest] = [Math.min(least, sum), Math.max(largest, sum)];
    }
    this.sums = [least, largest];
    this.undefinedCells = none;
    this.padded = trace.tokens.visible.some((visible) => visible === 0);
    this.hasRoles = part.entropy.some((_, index) => this.role(index) !== null);
  }

  weight(row: number, column: number): number {
    return this.weights[row * this.columns + column];
  }

  /** The mask hides the column from the row, or the square is wider than the map. */
  isMasked(row: number, column: number): boolean {
    if (row >= this.rows || column >= this.columns) return true;
    return (this.trace.source.causal && column > row) || this.isPadding(column);
  }

  isPadding(token: number): boolean {
    return this.trace.tokens.visible[token] === 0;
  }

  /** All rows sum to 1, as far as they are numbers. */
  get sumsToOne(): boolean {
    return Math.abs(this.sums[0] - 1) <= TOLERANCE && Math.abs(this.sums[1] - 1) <= TOLERANCE;
  }

  /** The columns that a row looks at, the strongest first. */
  strongest(row: number, count: number): number[] {
    const columns = Array.from({ length: this.columns }, (_, column) => column).filter((column) => this.weight(row, column) > 0);
    return columns.sort((a, b) => this.weight(row, b) - this.weight(row, a) || a - b).slice(0, count);
  }

  /** The most that the entropy of a row could be, in bits. */
  mostEntropy(row: number): number {
    return Math.log2(Math.max(1, this.part.shown.visible[row]));
  }

  headIndex(layer: number, head: number): number {
    return layer * this.trace.source.heads + head;
  }

  /** What a head does for the most part; null where it does no one thing. */
  role(index: number): RoleShare | null {
    const { previous, first, self, same } = this.part;
    const shares: RoleShare[] = [
      { role: "previous", share: previous[index] }, { role: "first", share: first[index] },
      { role: "self", share: self[index] }, { role: "same", share: same[index] },
    ];
    const best = shares.filter(({ share }) => share >= MOST).sort((a, b) => b.share - a.share)[0];
    return best ?? null;
  }
}

/** A map of half the rows and columns; each cell is the largest of the four that it stands for. */
export function halved({ rows, columns, values }: Plane): Plane {
  const [down, across] = [Math.ceil(rows / 2), Math.ceil(columns / 2)];
  const out = values instanceof Uint8Array ? new Uint8Array(down * across) : new Float32Array(down * across);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = (row >> 1) * across + (column >> 1);
      const value = values[row * columns + column];
      if (value > out[at]) out[at] = value;
    }
  }
  return { rows: down, columns: across, values: out };
}

export type Plane = { readonly rows: number; readonly columns: number; readonly values: Float32Array | Uint8Array };
