import { defineConfig } from "vitest/config";

/** Unit tests: the pure core, in Node, several files at a time; with the kernels that LUMEN_KERNELS names. */
export default defineConfig({
  cacheDir: ".cache",
  test: {
    include: ["test/unit/**/*.test.ts"],
    globalSetup: "test/support/buildKernels.ts",
    setupFiles: "test/support/useKernels.ts",
    environment: "node",
    testTimeout: 60_000 * Number(process.env.LUMEN_CASES ?? 1),
  },
});
