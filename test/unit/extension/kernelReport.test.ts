import { describe, expect, test } from "vitest";
import { format } from "../../../src/core/contract/index.js";
import { chooseKernels } from "../../../src/core/kernels/choose.js";
import type { WasmHost } from "../../../src/core/kernels/host.js";
import type { KernelReport } from "../../../src/core/protocol.js";
import { describeCrew, describeKernels, kernelAdvice } from "../../../src/extension/kernelReport.js";
import { wasmHost } from "../../support/wasmHost.js";

const state = { sharing: true, helpers: 1, running: 1, jobs: 12, steps: 90, stalls: 3, lost: [] };

test("diagnostics say how far helper threads help, and what keeps them from it", () => {
  expect(describeCrew(state)).toBe("helper threads: 1 at most, 1 running, 12 jobs so far, 3 of them finished without a helper that did not get on");
  expect(describeCrew({ ...state, stalls: 0 })).toBe("helper threads: 1 at most, 1 running, 12 jobs so far");
  expect(describeCrew({ ...state, helpers: 0, lost: ["exit code 1"] })).toBe("helper threads: none; one was given up: exit code 1. Reload the window for new ones");
  expect(describeCrew({ ...state, helpers: 0 })).toBe("helper threads: none, since there is one core");
  expect(describeCrew({ ...state, sharing: false, helpers: 0 })).toMatch(/none, since threads can't share memory here .* Update VS Code/);
});

describe("what is said of the kernels", () => {
  const advice = (report: KernelReport) => {
    const message = kernelAdvice(report);
    return message && format(message);
  };
  const modern: WasmHost = { ...wasmHost, supports: () => true };
  const old: WasmHost = { ...wasmHost, supports: () => false };
  const without = (...missing: string[]) => ({
    ...modern,
    instantiate: (...asked: Parameters<typeof wasmHost.instantiate>) => {
      const [topic, build, memory] = asked;
      if (missing.includes(build)) throw new Error(`no such file: ${topic}.${build}.wasm`);
      return wasmHost.instantiate(topic, "simd", memory);
    },
  });
  const report = (given: string, host = modern) => chooseKernels(given, host, () => 0).report;

  test.each(["auto", "simd", "typescript"])("nothing where they are as lumen.kernels = %s says", (given) => {
    expect(advice(report(given, without()))).toBeUndefined();
  });

  test.each(["foo", "", "Relaxed"])("that %j is no choice, with those that are, and it is taken as auto", (given) => {
    const found = report(given, without());
    expect(found).toMatchObject({ choice: "auto", unknown: given, implementation: "relaxed" });
    expect(describeKernels(found)).toBe(`relaxed (lumen.kernels: ${given}, taken as auto), started and compared with TypeScript in 0.0 ms`);
    expect(advice(found)).toBe(`lumen.kernels is “${given}”, which is no choice: Lumen takes it as “auto”. Choose auto, relaxed, simd or typescript in the settings.`);
  });

  test("that files are missing or damaged, and what to do", () => {
    expect(advice(report("auto", without("relaxed")))).toBe("The kernels “relaxed” could not be started, so Lumen calculates with “simd”. Reload the window; if it stays so, install Lumen again.");
    const none = report("auto", without("relaxed", "simd"));
    expect(advice(none)).toMatch(/^The kernels “relaxed, simd” could not be started, so Lumen calculates with “typescript”\./);
    expect(describeKernels(none)).toContain("; not simd: no such file: decode.simd.wasm");
  });

  test("that results differ, and what to do", () => {
    const wrong = { ...modern, instantiate: (...asked: Parameters<typeof wasmHost.instantiate>) => ({ ...wasmHost.instantiate(asked[0], "simd", asked[2]), float16() {} }) };
    expect(advice(report("auto", wrong))).toBe("The kernels “relaxed, simd” give other results on this machine than TypeScript, so Lumen calculates with “typescript”. Please report this with what Show Diagnostics says.");
  });

  test("that the machine is too old for them, unless it is for the fastest alone", () => {
    expect(advice(report("auto", old))).toMatch(/can't run Lumen's kernels, .* slower\. Update VS Code\.$/);
    expect(advice(report("relaxed", old))).toMatch(/can't run the kernels “relaxed” that lumen\.kernels names, .* or choose “auto”\.$/);
    expect(advice(report("auto", { ...modern, supports: (build) => build === "simd" }))).toBeUndefined();
  });
});
