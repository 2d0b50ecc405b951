/**
 * Assigns each of n rows to its own column at the least total cost (the Hungarian method with potentials, O(n³); Kuhn 1955,
 * in the form of Jonker and Volgenant's shortest augmenting paths).
 * @param cost [n, n] row-major, finite
 * @returns [n] column of each row
 */
export function assign(cost: Float64Array, n: number): Int32Array {
  // Index 0 of rowOf and of the columns is a virtual column from which each search starts.
  const rowPotential = new Float64Array(n + 1);
  const columnPotential = new Float64Array(n + 1);
  const rowOf = new Int32Array(n + 1);
  const previous = new Int32Array(n + 1);
  const least = new Float64Array(n + 1);
  const done = new Uint8Array(n + 1);
  for (let row = 1; row <= n; row++) {
    rowOf[0] = row;
    least.fill(Infinity);
    done.fill(0);
    let column = 0;
    do {
      done[column] = 1;
      const from = rowOf[column];
      let delta = Infinity;
      let next = 0;
      for (let j = 1; j <= n; j++) {
        if (done[j]) continue;
        const reduced = cost[(from - 1) * n + j - 1] - rowPotential[from] - columnPotential[j];
        if (reduced < least[j]) {
          least[j] = reduced;
          previous[j] = column;
        }
        if (least[j] < delta) {
          delta = least[j];
          next = j;
        }
      }
      for (let j = 0; j <= n; j++) {
        if (done[j]) {
          rowPotential[rowOf[j]] += delta;
          columnPotential[j] -= delta;
        } else least[j] -= delta;
      }
      column = next;
    } while (rowOf[column] !== 0);
    for (; column !== 0; column = previous[column]) rowOf[column] = rowOf[previous[column]];
  }
  const result = new Int32Array(n);
  for (let j = 1; j <= n; j++) result[rowOf[j] - 1] = j - 1;
  return result;
}
