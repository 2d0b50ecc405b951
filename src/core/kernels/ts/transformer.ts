import { gelu, geluTanh, silu } from "../../math/activations.js";
import { dotAt } from "../../math/dotAt.js";
import { rowEntropies } from "../../math/rowEntropies.js";
import { checkAttending, type TransformerKernels } from "../transformer.js";
import { logits } from "./logits.js";

export const transformer: TransformerKernels = {
  attend(what, out, note) {
    const { queries, stride, n, heads, kvHeads, size, scale, keys, values, count, more } = what;
    const weights = new Float64Array(checkAttending(what, out));
    const width = kvHeads * size;
    for (let t = 0; t < n; t++) {
      const seen = count + more * t;
      for (let h = 0; h < heads; h++) {
        const query = t * stride + h * size;
        const from = Math.floor((h * kvHeads) / heads) * size;
        let p = 0;
        for (const page of keys) for (let at = from; at < page.length && p < seen; at += width) weights[p++] = dotAt(queries, query, page, at, size) * scale;
        logits.softmax(weights, weights, seen, 0);
        note?.(h, t, weights.subarray(0, seen));
        if (!values) continue;
        const to = (t * heads + h) * size;
        out.fill(0, to, to + size);
        p = 0;
        for (const page of values) {
          for (let at = from; at < page.length && p < seen; at += width) {
            const weight = weights[p++];
            for (let j = 0; j < size; j++) out[to + j] += weight * page[at + j];
          }
        }
      }
    }
  },

  geluTanh(x, n) {
    for (let i = 0; i < n; i++) x[i] = geluTanh(x[i]);
  },

  gelu(x, n) {
    for (let i = 0; i < n; i++) x[i] = gelu(x[i]);
  },

  silu(x, n) {
    for (let i = 0; i < n; i++) x[i] = silu(x[i]);
  },

  entropies: rowEntropies,
};
