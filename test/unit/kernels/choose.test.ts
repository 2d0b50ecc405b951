import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { chooseKernels, selfTest } from "../../../src/core/kernels/choose.js";
import type { WasmExports, WasmHost } from "../../../src/core/kernels/host.js";
import { wasmHost } from "../../support/wasmHost.js";
import { everyKernels } from "./implementations.js";

const now = () => 0;
const supportsAll: WasmHost = { ...wasmHost, supports: () => true };

/** A host whose modules of one build do nothing when they are called, or one of their functions alone. */
function idle(build: string, only?: { readonly topic: string; readonly name: string }): WasmHost {
  return {
    ...supportsAll,
    instantiate(topic, wanted, memory) {
      const exports = wasmHost.instantiate(topic, wanted === build ? "simd" : wanted, memory);
      if (wanted !== build || (only && only.topic !== topic)) return exports;
      const names = only ? [only.name] : functionsOf(exports);
      return { ...exports, ...(Object.fromEntries(names.map((name) => [name, () => 0])) as WasmExports) };
    },
  };
}

function functionsOf(exports: WasmExports): string[] {
  return Object.keys(exports).filter((name) => typeof exports[name] === "function" && name !== "heapBase");
}

const topics = [...new Set(readdirSync("dist/kernels").map((file) => file.split(".")[0]))];
/** Says by 0 that it can't be done, upon which the same is done in another way. */
const dispensable = ["raise"];
const functions = topics
  .flatMap((topic) => functionsOf(wasmHost.instantiate(topic, "simd", wasmHost.memory(1))).map((name) => ({ topic, name })))
  .filter(({ name }) => !dispensable.includes(name));

describe("the choice of kernels", () => {
  test("takes the first that the machine understands", () => {
    expect(chooseKernels("auto", { ...wasmHost, supports: (build) => build === "simd" }, now).report).toEqual({
      choice: "auto",
      implementation: "simd",
      milliseconds: 0,
      refused: [{ build: "relaxed", fault: "unsupported", reason: "this Node does not understand it" }],
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

  test.each(["foo", "", "SIMD", "constructor"])("takes %j, which is no choice, as auto", (given) => {
    expect(chooseKernels(given, { ...wasmHost, supports: (build) => build === "simd" }, now).report).toMatchObject({ choice: "auto", unknown: given, implementation: "simd" });
  });

  test("passes a build over whose results differ, and says in what", () => {
    const { kernels, report } = chooseKernels("auto", idle("relaxed"), now);
    expect(kernels.implementation).toBe("simd");
    expect(report.refused).toMatchObject([{ build: "relaxed", fault: "different" }]);
    expect(report.refused[0].reason).toMatch(/\d/);
  });

  test.each(functions)("passes a build over whose $topic.$name does nothing", (only) => {
    expect(chooseKernels("relaxed", idle("relaxed", only), now).kernels.implementation).toBe("typescript");
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
      refused: [{ build: "relaxed", fault: "failed", reason: "no such file: em.relaxed.wasm" }, { build: "simd" }],
    });
  });
});

test.each(everyKernels.map((each) => [each.implementation, each] as const))("%s agrees with TypeScript on the self-test", (_name, each) => {
  expect(selfTest(each)).toBeUndefined();
});
