/** The empty n-gram. */
export const ROOT = 0;

/**
 * N-grams as a tree whose edges lie in one hash table: a node is an n-gram, its parent the n-gram without the last unit. Parents
 * have lower numbers than their children.
 */
export class NgramTrie {
  /** Nodes, the root included. */
  size = 1;
  /** [size] */
  parent = new Int32Array(1 << 12);
  /** [size] the last unit of each. */
  unit = new Int32Array(1 << 12);
  /** [size] how often it occurs. */
  count = new Int32Array(1 << 12);
  /** [size] how many different units stand before it. */
  before = new Int32Array(1 << 12);
  /** Open addressing with linear probing; 0 is free, since the root is nobody's child. */
  private table: Int32Array;

  /** @param expected nodes to make room for at once: growing later takes a long step */
  constructor(expected = 0) {
    this.table = new Int32Array(2 ** Math.min(24, Math.max(14, Math.ceil(Math.log2(2 * expected + 1)))));
  }

  /** The node of an n-gram with one more unit; 0 when there is none. */
  find(parent: number, unit: number): number {
    const { table } = this;
    const mask = table.length - 1;
    for (let slot = hash(parent, unit) & mask; ; slot = (slot + 1) & mask) {
      const node = table[slot];
      if (node === 0 || (this.parent[node] === parent && this.unit[node] === unit)) return node;
    }
  }

  /** The same, made with count 0 where there is none. Whether it is new shows in `size`. */
  reach(parent: number, unit: number): number {
    const { table } = this;
    const mask = table.length - 1;
    let slot = hash(parent, unit) & mask;
    for (; ; slot = (slot + 1) & mask) {
      const node = table[slot];
      if (node === 0) break;
      if (this.parent[node] === parent && this.unit[node] === unit) return node;
    }
    if (this.size === this.parent.length) this.growNodes();
    const node = this.size++;
    this.parent[node] = parent;
    this.unit[node] = unit;
    table[slot] = node;
    if (2 * this.size > table.length) this.growTable();
    return node;
  }

  private growNodes(): void {
    for (const name of ["parent", "unit", "count", "before"] as const) {
      const longer = new Int32Array(2 * this[name].length);
      longer.set(this[name]);
      this[name] = longer;
    }
  }

  private growTable(): void {
    const table = new Int32Array(2 * this.table.length);
    const mask = table.length - 1;
    for (let node = 1; node < this.size; node++) {
      let slot = hash(this.parent[node], this.unit[node]) & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = node;
    }
    this.table = table;
  }
}

/** Mixes both numbers so that neighbours fall far apart (the finaliser of MurmurHash3). */
function hash(parent: number, unit: number): number {
  let h = Math.imul(parent, 0x9e3779b1) ^ Math.imul(unit + 1, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 16), 0xc2b2ae35);
  return (h ^ (h >>> 15)) >>> 0;
}
