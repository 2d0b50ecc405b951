import type { NearPairs } from "../vectors.js";
import { blockOf } from "./pairs.js";

export function nearPairs(units: Float32Array, m: number, d: number): NearPairs {
  const block = blockOf(m, d);
  const places = new Int32Array(block * block);
  const products = new Float32Array(block * block);
  const four = new Float64Array(4);
  const hits = new Uint8Array(block * block);
  return {
    block,
    find(start, end, from, to, limits) {
      hits.fill(0);
      // Four rows a time, so that each column is read a quarter as often.
      for (let i = start; i < end; i += 4) {
        const rows = Math.min(4, end - i);
        for (let j = Math.max(from, i + 1); j < to; j++) {
          timesFour(units, i, rows, j, d, four);
          for (let r = 0; r < rows && i + r < j; r++) {
            if (!(four[r] >= limits[i + r] || four[r] >= limits[j])) continue;
            const place = (i + r - start) * block + j - from;
            hits[place] = 1;
            products[place] = four[r];
          }
        }
      }
      let count = 0;
      for (let place = 0; place < (end - start) * block; place++) {
        if (hits[place] === 0) continue;
        products[count] = products[place];
        places[count++] = place;
      }
      return { places: places.subarray(0, count), products: products.subarray(0, count) };
    },
  };
}

/** out[r] = row i + r · row j for the first `count` rows of a group of four. */
function timesFour(units: Float32Array, i: number, count: number, j: number, d: number, out: Float64Array): void {
  const at = j * d;
  const a = i * d;
  if (count < 4) {
    for (let r = 0; r < count; r++) {
      let sum = 0;
      for (let c = 0; c < d; c++) sum += units[a + r * d + c] * units[at + c];
      out[r] = sum;
    }
    return;
  }
  const [b, e, f] = [a + d, a + 2 * d, a + 3 * d];
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let c = 0; c < d; c++) {
    const value = units[at + c];
    s0 += units[a + c] * value;
    s1 += units[b + c] * value;
    s2 += units[e + c] * value;
    s3 += units[f + c] * value;
  }
  out[0] = s0;
  out[1] = s1;
  out[2] = s2;
  out[3] = s3;
}
