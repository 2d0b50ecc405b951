import { msg, type Message, type Progress } from "../../contract/index.js";
import type { Sparse } from "../../kernels/maps.js";
import { through } from "../../steps.js";
import { grouped } from "../../text/numberText.js";
import type { Knn } from "./knn.js";

/** Neighbours counted, and entries put in their order, between two yields. */
const COUNTED = 1 << 19;
const JOINED = 1 << 16;

/**
 * Joins what each point says of its neighbours: entry (i, j) is `join` of what i says of j and j of i, 0 where one is silent.
 * Entries that come out as 0 stay.
 * @param said [m, k] beside the neighbours' indices; places without a neighbour are passed over
 */
export function* symmetric(knn: Knn, said: Float64Array, join: (own: number, other: number) => number): Generator<Progress, Sparse, void> {
  const { m, k } = knn;
  const message = (done: number): Message => msg("Joining the neighbours of {0} of {1} points", grouped(done), grouped(m));
  const { named, by } = yield* through(naming(knn), () => ({ fraction: 0.5, message: message(0) }));
  const starts = new Int32Array(m + 1);
  const columns = new Int32Array(2 * named[m]);
  const values = new Float64Array(2 * named[m]);
  const own = new Float64Array(m);
  const other = new Float64Array(m);
  const seen = new Uint8Array(m);
  let end = 0;
  let yielded = 0;
  for (let i = 0; i < m; i++) {
    const start = end;
    for (let place = i * k; place < (i + 1) * k; place++) {
      const j = knn.indices[place];
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
    if (end - yielded < JOINED) continue;
    yielded = end;
    yield { fraction: 0.5 + (0.5 * (i + 1)) / m, message: message(i + 1) };
  }
  return { m, starts, columns: columns.subarray(0, end), values: values.subarray(0, end) };
}

/** Places of the neighbours by whom they name: those that name point j are `by[named[j]]` to `by[named[j + 1]]`. */
function* naming({ m, indices }: Knn): Generator<void, { readonly named: Int32Array; readonly by: Int32Array }, void> {
  const named = new Int32Array(m + 1);
  for (let place = 0; place < indices.length; place++) {
    if (indices[place] >= 0) named[indices[place] + 1]++;
    if (place % COUNTED === COUNTED - 1) yield;
  }
  for (let j = 0; j < m; j++) named[j + 1] += named[j];
  const by = new Int32Array(named[m]);
  const at = named.slice(0, m);
  for (let place = 0; place < indices.length; place++) {
    if (indices[place] >= 0) by[at[indices[place]]++] = place;
    if (place % COUNTED === COUNTED - 1) yield;
  }
  return { named, by };
}
