import { defineConfig } from "vitest/config";

/** Unit tests: the pure core, in Node, several files at a time. */
export default defineConfig({
  test: {
    include: ["test/unit/**/*.test.ts"],
    environment: "node",
    testTimeout: 60_000,
    cache: { dir: ".cache/vitest" },
  },
});
