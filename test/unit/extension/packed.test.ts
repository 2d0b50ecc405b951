import * as fc from "../../support/fastCheck.js";
import { expect, test } from "vitest";
import { packed } from "../../../src/extension/packed.js";
import { buffersOf } from "../../../src/extension/worker/buffers.js";

/** As VS Code's own protocol counts the arguments of a call: the webview's handle, the text of the message, its buffers. */
const carried = (message: unknown) => 2 + buffersOf(message).size <= 255;

const arrays = fc.oneof(
  fc.uint8Array(), fc.int32Array(), fc.float32Array(), fc.float64Array(), fc.uint16Array(),
  fc.float64Array({ minLength: 3 }).map((array) => array.subarray(1, 3)),
);

test("whatever a message holds can be carried, and arrives as it was", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ kept: arrays, name: fc.string(), scores: fc.array(arrays, { maxLength: 3 }) }), { maxLength: 200 }), (at) => {
      const message = { type: "trace", trace: { at, none: null, nothing: undefined } };
      const sent = packed(message);
      expect(carried(sent)).toBe(true);
      expect(sent).toEqual(message);
    }),
    { numRuns: 60 },
  );
});

test("the stages of a thousand places are carried, and a record stays the same where it stands twice", () => {
  const shared = { ids: Int32Array.of(1, 2) };
  const message = { trace: { at: Array.from({ length: 1000 }, (_, i) => ({ ids: Int32Array.of(i), scores: Float64Array.of(NaN, -Infinity, i) })) }, one: shared, two: shared };
  expect(carried(message)).toBe(false);
  const sent = packed(message);
  expect(carried(sent)).toBe(true);
  expect(sent).toEqual(message);
  expect(sent.one).toBe(sent.two);
});

test("a message of few arrays goes as it is, without a copy", () => {
  const message = { trace: { responsibilities: new Float64Array(1000) } };
  expect(packed(message)).toBe(message);
});
