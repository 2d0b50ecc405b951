import { msg, type Progress } from "../contract/index.js";

/** One joining of two clusters. Clusters 0 … n − 1 are the rows; n + m is the result of merge m. */
export type Merge = { readonly left: number; readonly right: number; readonly height: number; readonly size: number };

export type Dendrogram = {
  readonly merges: readonly Merge[]; // [n − 1], heights rise
  readonly order: Int32Array; // [n] rows from top to bottom, so that no two branches cross
};

/**
 * Hierarchical clustering with average linkage (UPGMA) by the nearest-neighbour chain (Murtagh 1983), O(n²) time.
 * @param distances [n, n] symmetric, finite; overwritten
 * @returns merges by rising height, as scipy's `linkage(…, "average")` lists them
 */
export function* averageLinkage(distances: Float32Array, n: number): Generator<Progress, Dendrogram, void> {
  if (n === 0) return { merges: [], order: new Int32Array(0) };
  const sizes = new Int32Array(n).fill(1);
  const alive = new Uint8Array(n).fill(1);
  const chain = new Int32Array(n + 1);
  const joined: { a: number; b: number; height: number }[] = [];
  let depth = 0;
  while (joined.length < n - 1) {
    if (depth === 0) chain[depth++] = alive.indexOf(1);
    for (;;) {
      const last = chain[depth - 1];
      const before = depth > 1 ? chain[depth - 2] : -1;
      const { nearest, distance } = nearestTo(distances, alive, n, last, before);
      if (nearest === before) {
        depth -= 2;
        merge(distances, alive, sizes, n, before, last);
        joined.push({ a: before, b: last, height: distance });
        break;
      }
      chain[depth++] = nearest;
    }
    if (joined.length % 64 === 0) yield { fraction: joined.length / Math.max(1, n - 1), message: msg("{0} of {1} rows grouped", joined.length, n) };
  }
  const merges = label(joined, n);
  return { merges, order: leafOrder(merges, n) };
}

/** The living cluster nearest to `from`; of equals the one before it in the chain, which ends the chain. */
function nearestTo(distances: Float32Array, alive: Uint8Array, n: number, from: number, before: number): { nearest: number; distance: number } {
  let nearest = before;
  let distance = before >= 0 ? distances[from * n + before] : Number.POSITIVE_INFINITY;
  for (let j = 0; j < n; j++) {
    if (alive[j] && j !== from && (distances[from * n + j] < distance || nearest < 0)) {
      nearest = j;
      distance = distances[from * n + j];
    }
  }
  return { nearest, distance };
}

/** Joins b into a's place. */
function merge(distances: Float32Array, alive: Uint8Array, sizes: Int32Array, n: number, a: number, b: number): void {
  const all = sizes[a] + sizes[b];
  for (let j = 0; j < n; j++) {
    if (!alive[j] || j === a || j === b) continue;
    const mean = (sizes[a] * distances[a * n + j] + sizes[b] * distances[b * n + j]) / all;
    distances[a * n + j] = mean;
    distances[j * n + a] = mean;
  }
  sizes[a] = all;
  alive[b] = 0;
}

/** The chain finds merges out of order: sorts them by height and names clusters by the order of their making. */
function label(joined: readonly { a: number; b: number; height: number }[], n: number): Merge[] {
  const sorted = joined.map((entry, i) => ({ ...entry, i })).sort((x, y) => x.height - y.height || x.i - y.i);
  const parent = Int32Array.from({ length: 2 * n - 1 }, (_, i) => i);
  const sizes = new Int32Array(2 * n - 1).fill(1, 0, n);
  const root = (cluster: number): number => {
    let at = cluster;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  };
  return sorted.map(({ a, b, height }, m) => {
    const [left, right] = [root(a), root(b)].sort((x, y) => x - y) as [number, number];
    const size = sizes[left] + sizes[right];
    parent[left] = parent[right] = n + m;
    sizes[n + m] = size;
    return { left, right, height, size };
  });
}

function leafOrder(merges: readonly Merge[], n: number): Int32Array {
  const order = new Int32Array(n);
  const stack = n > 0 ? [n + merges.length - 1] : [];
  let place = 0;
  while (stack.length > 0) {
    const cluster = stack.pop()!;
    if (cluster < n) order[place++] = cluster;
    else stack.push(merges[cluster - n].right, merges[cluster - n].left);
  }
  return order;
}
