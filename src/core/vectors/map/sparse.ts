import { msg, type Progress } from "../../contract/index.js";
import type { Sparse } from "../../kernels/maps.js";
import { grouped } from "../../text/numberText.js";
import type { Knn } from "./knn.js";

/**
 * Joins what each point says of its neighbours: entry (i, j) is `join` of what i says of j and j of i, 0 where one is silent.
 * Entries that come out as 0 stay.
 * @param said [m, k] beside the neighbours' indices; places without a neighbour are passed over
 */
export function* symmetric(knn: Knn, said: Float64Array, join: (own: number, other: number) => number): Generator<Progress, Sparse, void> {
  const { m, k, indices } = knn;
  // Who names point j, and where.
  const named = new Int32Array(m + 1);
  for (const j of indices) if (j >= 0) named[j + 1]++;
  for (let j = 0; j < m; j++) named[j + 1] += named[j];
  const by = new Int32Array(named[m]);
  const at = named.slice(0, m);
  for (let place = 0; place < indices.length; place++) if (indices[place] >= 0) by[at[indices[place]]++] = place;
  const starts = new Int32Array(m + 1);
  const columns = new Int32Array(2 * named[m]);
  const values = new Float64Array(2 * named[m]);
  const own = new Float64Array(m);
  const other = new Float64Array(m);
  const seen = new Uint8Array(m);
  let end = 0;
  for (let i = 0; i < m; i++) {
    const start = end;
    for (let place = i * k; place < (i + 1) * k; place++) {
      const j = indices[place];
      if (j < 0) continue;
      own[j] = said[place];
      seen[j] = 1;
      columns[end++] = j;
    }
    for (let n = named[i]; n < named[i + 1]; n++) {
      const j = Math.floor(by[n] / k);
      other[j] = said[by[n]];
      if (seen[j]) continue;
      seen[j] = 1;
      columns[end++] = j;
    }
    columns.subarray(start, end).sort();
    for (let e = start; e < end; e++) {
      const j = columns[e];
      values[e] = join(own[j], other[j]);
      own[j] = other[j] = seen[j] = 0;
    }
    starts[i + 1] = end;
    if (i % 1000 === 999) yield { fraction: (i + 1) / m, message: msg("Joining the neighbours of {0} of {1} points", grouped(i + 1), grouped(m)) };
  }
  return { m, starts, columns: columns.slice(0, end), values: values.slice(0, end) };
}
