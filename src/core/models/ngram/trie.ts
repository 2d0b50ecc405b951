/** The empty n-gram. */
export const ROOT = 0;

/** Numbers kept of a node, and where they lie. */
export const FIELDS = 4;
export const PARENT = 0;
export const UNIT = 1;
export const COUNT = 2;
export const BEFORE = 3;

/**
 * N-grams as a tree whose edges lie in one hash table: a node is an n-gram, its parent the n-gram without the last unit. Parents
 * have lower numbers than their children.
 */
export class NgramTrie {
  /** Nodes, the root included. */
  size = 1;
  /**
   * [size, 4] of each node its parent, its last unit, how often it occurs, and how many different units stand before it: side by
   * side, since counting asks for all of them, each time at another node.
   */
  nodes = new Int32Array(FIELDS << 12);
  /** Open addressing with linear probing; 0 is free, since the root is nobody's child. */
  private table: Int32Array;

  /** @param expected nodes to make room for at once: growing later takes a long step */
  constructor(expected = 0) {
    this.table = new Int32Array(2 ** Math.min(24, Math.max(14, Math.ceil(Math.log2(2 * expected + 1)))));
  }

  /** The node of an n-gram with one more unit; 0 when there is none. */
  find(parent: number, unit: number): number {
    const { table, nodes } = this;
    const mask = table.length - 1;
    for (let slot = hash(parent, unit) & mask; ; slot = (slot + 1) & mask) {
      const node = table[slot];
      if (node === 0 || (nodes[FIELDS * node] === parent && nodes[FIELDS * node + UNIT] === unit)) return node;
    }
  }

  /** The same, made with count 0 where there is none. Whether it is new shows in `size`. */
  reach(parent: number, unit: number): number {
    const { table, nodes } = this;
    const mask = table.length - 1;
    let slot = hash(parent, unit) & mask;
    for (; ; slot = (slot + 1) & mask) {
      const node = table[slot];
      if (node === 0) break;
      if (nodes[FIELDS * node] === parent && nodes[FIELDS * node + UNIT] === unit) return node;
    }
    if (FIELDS * this.size === nodes.length) this.growNodes();
    const node = this.size++;
    this.nodes[FIELDS * node] = parent;
    this.nodes[FIELDS * node + UNIT] = unit;
    table[slot] = node;
    if (2 * this.size > table.length) this.growTable();
    return node;
  }

  private growNodes(): void {
    const longer = new Int32Array(2 * this.nodes.length);
    longer.set(this.nodes);
    this.nodes = longer;
  }

  private growTable(): void {
    const { nodes } = this;
    const table = new Int32Array(2 * this.table.length);
    const mask = table.length - 1;
    for (let node = 1; node < this.size; node++) {
      let slot = hash(nodes[FIELDS * node], nodes[FIELDS * node + UNIT]) & mask;
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
