import { finish } from "../../core/steps.js";
import { NO_LEVEL } from "./heatmapMatrix.js";

/** Pixels of a tile's side. */
export const TILE = 256;
/** Tiles kept; each takes 128 KB of levels and 256 KB of picture. */
const KEPT = 96;

export type Tile = {
  /** [TILE, TILE] mean level of the cells under each pixel, NO_LEVEL where there is none. */
  readonly levels: Uint16Array;
  /** For whoever paints it. */
  picture?: { readonly canvas: HTMLCanvasElement; readonly version: number };
};

/** Reads the level at two places of the screen's order. */
export type Cells = {
  readonly n: number;
  readonly cells: Uint16Array; // the upper triangle, row by row
  readonly order: Int32Array; // [n] place → row
};

/**
 * A symmetric matrix at several sizes: on level l a pixel is the mean of 2^l × 2^l cells. Tiles are made when they are wanted,
 * in slices that end when the caller says so; of a tile and its mirror one is computed.
 */
export class Pyramid {
  /** The coarsest level: all of the matrix on one tile. */
  readonly top: number;
  readonly #bases: Float64Array;
  readonly #tiles = new Map<string, Tile>();
  #job: { readonly key: string; readonly work: Generator<void, Tile, void> } | undefined;
  #wanted: readonly (readonly [level: number, x: number, y: number])[] = [];

  constructor(readonly source: Cells) {
    const { n } = source;
    this.top = Math.max(0, Math.ceil(Math.log2(n / TILE)));
    this.#bases = Float64Array.from({ length: n }, (_, i) => i * n - (i * (i + 1)) / 2);
    // One cell a pixel: rough, but there at once.
    if (this.top > 0) this.#tiles.set("rough", finish(this.#make(this.top, 0, 0, 2 ** this.top)));
  }

  /** A finished tile; undefined while it is not made. */
  tile(level: number, x: number, y: number): Tile | undefined {
    const key = `${level} ${x} ${y}`;
    const tile = this.#tiles.get(key);
    if (tile) {
      // The newest used is the last to go.
      this.#tiles.delete(key);
      this.#tiles.set(key, tile);
    }
    return tile;
  }

  /** The whole matrix on one tile, however rough; undefined where one tile of cells is the matrix. */
  get rough(): Tile | undefined {
    return this.#tiles.get(`${this.top} 0 0`) ?? this.#tiles.get("rough");
  }

  /** Names the tiles that the screen needs, the most urgent first; what was wanted before is forgotten. */
  want(tiles: readonly (readonly [level: number, x: number, y: number])[]): void {
    this.#wanted = tiles.filter(([level, x, y]) => !this.#tiles.has(`${level} ${x} ${y}`));
    const keys = new Set(this.#wanted.map(([level, x, y]) => canonical(level, x, y)));
    if (this.#job && !keys.has(this.#job.key)) this.#job = undefined;
  }

  get busy(): boolean {
    return this.#wanted.length > 0;
  }

  /** Works until all that is wanted is there or `over()`; true when a tile was finished. */
  work(over: () => boolean): boolean {
    let finished = false;
    while (this.#wanted.length > 0) {
      const [level, x, y] = this.#wanted[0];
      const [column, row] = [Math.max(x, y), Math.min(x, y)];
      const key = canonical(level, x, y);
      const known = this.#tiles.get(`${level} ${column} ${row}`);
      if (known) {
        if (x < y) this.#keep(`${level} ${x} ${y}`, transposed(known));
        this.#wanted = this.#wanted.slice(1);
        finished = true;
        continue;
      }
      if (this.#job?.key !== key) this.#job = { key, work: this.#make(level, column, row, 1) };
      for (;;) {
        const step = this.#job.work.next();
        if (step.done) {
          this.#keep(`${level} ${column} ${row}`, step.value);
          this.#job = undefined;
          break;
        }
        if (over()) return finished;
      }
    }
    return finished;
  }

  #keep(key: string, tile: Tile): void {
    this.#tiles.set(key, tile);
    for (const old of this.#tiles.keys()) {
      if (this.#tiles.size <= KEPT) break;
      if (old !== "rough") this.#tiles.delete(old);
    }
  }

  /** Means of every `stride`-th cell under each pixel. Yields after every row of cells. */
  *#make(level: number, tileX: number, tileY: number, stride: number): Generator<void, Tile, void> {
    const { n, cells, order } = this.source;
    const bases = this.#bases;
    const size = 2 ** level;
    const levels = new Uint16Array(TILE * TILE).fill(NO_LEVEL);
    const columns = Math.min(TILE, Math.ceil(n / size) - tileX * TILE);
    const sums = new Float64Array(TILE);
    const counts = new Uint32Array(TILE);
    for (let y = 0; y < TILE; y++) {
      const top = (tileY * TILE + y) * size;
      if (top >= n) break;
      sums.fill(0);
      counts.fill(0);
      for (let r = top; r < Math.min(n, top + size); r += stride) {
        const i = order[r];
        for (let x = 0; x < columns; x++) {
          const left = (tileX * TILE + x) * size;
          const right = Math.min(n, left + size);
          for (let c = left; c < right; c += stride) {
            const j = order[c];
            if (i === j) continue;
            const cell = cells[i < j ? bases[i] + j : bases[j] + i];
            if (cell === NO_LEVEL) continue;
            sums[x] += cell;
            counts[x]++;
          }
        }
        yield;
      }
      for (let x = 0; x < columns; x++) if (counts[x] > 0) levels[y * TILE + x] = Math.round(sums[x] / counts[x]);
    }
    return { levels };
  }
}

/** A tile and its mirror have one key. */
function canonical(level: number, x: number, y: number): string {
  return `${level} ${Math.max(x, y)} ${Math.min(x, y)}`;
}

function transposed({ levels }: Tile): Tile {
  const mirrored = new Uint16Array(TILE * TILE);
  for (let y = 0; y < TILE; y++) for (let x = 0; x < TILE; x++) mirrored[y * TILE + x] = levels[x * TILE + y];
  return { levels: mirrored };
}
