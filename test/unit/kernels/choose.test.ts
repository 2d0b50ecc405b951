import { describe, expect, test } from "vitest";
import { chooseKernels, selfTest } from "../../../src/core/kernels/choose.js";
import type { WasmExports, WasmHost } from "../../../src/core/kernels/host.js";
import { wasmHost } from "../../support/wasmHost.js";
import { everyKernels } from "./implementations.js";

const now = () => 0;
const supportsAll: WasmHost = { ...wasmHost, supports: () => true };

/** A host whose modules of one build do nothing when they are called. */
function idle(build: string): WasmHost {
  return {
    ...supportsAll,
    instantiate(topic, wanted, memory) {
      const exports = wasmHost.instantiate(topic, wanted === build ? "simd" : wanted, memory);
      if (wanted !== build) return exports;
      const names = Object.keys(exports).filter((name) => typeof exports[name] === "function" && name !== "heapBase");
      return { ...exports, ...(Object.fromEntries(names.map((name) => [name, () => 0])) as WasmExports) };
    },
  };
}

describe("the choice of kernels", () => {
  test("takes the first that the machine understands", () => {
    expect(chooseKernels("auto", { ...wasmHost, supports: (build) => build === "simd" }, now).report).toEqual({
      choice: "auto",
      implementation: "simd",
      milliseconds: 0,
      refused: [{ build: "relaxed", reason: "this Node does not understand it" }],
    });
    expect(chooseKernels("auto", { ...wasmHost, supports: () => false }, now).kernels.implementation).toBe("typescript");
    expect(chooseKernels("auto", undefined, now).report).toMatchObject({ implementation: "typescript", refused: [] });
  });

  test("takes what the setting names, and nothing but TypeScript in its place", () => {
    expect(chooseKernels("simd", wasmHost, now).kernels.implementation).toBe("simd");
    expect(chooseKernels("typescript", wasmHost, now).report).toMatchObject({ implementation: "typescript", refused: [] });
    const { kernels, report } = chooseKernels("simd", { ...wasmHost, supports: () => false }, now);
    expect(kernels.implementation).toBe("typescript");
    expect(report.refused.map(({ build }) => build)).toEqual(["simd"]);
  });

  test("passes a build over whose results differ, and says in what", () => {
    const { kernels, report } = chooseKernels("auto", idle("relaxed"), now);
    expect(kernels.implementation).toBe("simd");
    expect(report.refused).toHaveLength(1);
    expect(report.refused[0].reason).toMatch(/\d/);
  });

  test("passes a build over whose files are missing or damaged", () => {
    const missing: WasmHost = {
      ...supportsAll,
      instantiate() {
        throw new Error("no such file: em.relaxed.wasm");
      },
    };
    expect(chooseKernels("auto", missing, now).report).toMatchObject({
      implementation: "typescript",
      refused: [{ build: "relaxed", reason: "no such file: em.relaxed.wasm" }, { build: "simd" }],
    });
  });
});

test.each(everyKernels.map((each) => [each.implementation, each] as const))("%s agrees with TypeScript on the self-test", (_name, each) => {
  expect(selfTest(each)).toBeUndefined();
});
