import { describe, expect, test } from "vitest";
import { everyKernels } from "./implementations.js";

describe.each(everyKernels)("exp by $implementation", ({ logits }) => {
  test("is that of Math.exp to two units in the last place, from −708 to 0", () => {
    const x = Float64Array.from({ length: 10_001 }, (_, i) => -(i / 10_000) * 708);
    const out = new Float64Array(x.length);
    logits.expAll(x, out);
    for (let i = 0; i < x.length; i++) expect(Math.abs(out[i] - Math.exp(x[i])) / Math.exp(x[i])).toBeLessThan(4.5e-16);
  });
});
