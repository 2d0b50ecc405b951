import { describe, expect, test } from "vitest";
import { bfloat16ToDouble, halfToDouble } from "../../../src/core/formats/halfFloat.js";
import { everyKernels } from "./implementations.js";

const every = new Uint8Array(Uint16Array.from({ length: 65_536 }, (_, bits) => bits).buffer);

describe.each(everyKernels)("numbers of two bytes by $implementation", ({ decode }) => {
  test.each([["float16", halfToDouble], ["bfloat16", bfloat16ToDouble]] as const)("%s: all 65,536 patterns", (type, exactly) => {
    const out = new Float32Array(65_536);
    decode[type](every, 0, out);
    expect(out.findIndex((value, bits) => !Object.is(value, exactly(bits)))).toBe(-1);
  });

  test.each(["float16", "bfloat16"] as const)("%s: any number of them, from any byte, and nothing beside them", (type) => {
    const whole = new Float32Array(65_536);
    decode[type](every, 0, whole);
    for (const [from, n] of [[0, 0], [2, 1], [20_000, 3], [30_002, 4], [30_004, 31], [4, 32_767], [6, 32_769], [0, 65_536]]) {
      const out = new Float32Array(n + 2).fill(7);
      decode[type](every, from, out.subarray(1, n + 1));
      expect([out[0], out[n + 1]]).toEqual([7, 7]);
      expect(out.subarray(1, n + 1).every((value, i) => Object.is(value, whole[from / 2 + i]))).toBe(true);
    }
    const odd = new Uint8Array(11);
    odd.set(every.subarray(0x7800, 0x780a), 1);
    const out = new Float32Array(5);
    decode[type](odd, 1, out);
    expect(out).toEqual(whole.subarray(0x3c00, 0x3c05));
  });
});
