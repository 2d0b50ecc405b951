import { msg } from "../../core/contract/index.js";
import type { VectorsTrace } from "../../core/vectors/trace.js";
import type { View } from "../view.js";

/** Vectors beside one another: what is like what, number by number, nearest, mapped, and as one-hot rows. */
export const vectors: View<VectorsTrace> = {
  mount: () => ({
    draw: () => undefined,
    steps: () => 1,
    story: (trace) => ({ title: msg("{0} vectors", trace.n), lede: [] }),
    rows: (trace) => ({ label: msg("{0} of {1} rows", trace.n, trace.total), notes: trace.notes }),
    copies: () => [],
    exports: () => [],
    dispose: () => undefined,
  }),
};
