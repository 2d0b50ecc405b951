import { defineConfig } from "vitest/config";

/**
 * View tests: the built webview bundle in a real Chromium. One file at a time, so that a small machine keeps up, and all
 * in one process, so that they share the browser, its pages and the worker, which take longer to start than a test.
 */
export default defineConfig({
  test: {
    include: ["test/view/**/*.test.ts"],
    globalSetup: "test/view/globalSetup.ts",
    environment: "node",
    isolate: false,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000, interval: 30 } },
  },
});
