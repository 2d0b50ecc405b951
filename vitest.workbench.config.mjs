import { defineConfig } from "vitest/config";

/** Workbench tests: the packaged extension in a real VS Code. One file at a time: each owns a server and a browser. */
export default defineConfig({
  test: {
    include: ["test/workbench/**/*.test.ts"],
    environment: "node",
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000, interval: 100 } },
  },
});
