import { defineConfig } from "vitest/config";

/** View tests: the built webview bundle in a real Chromium. One file at a time, so that a small machine keeps up. */
export default defineConfig({
  test: {
    include: ["test/view/**/*.test.ts"],
    environment: "node",
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
