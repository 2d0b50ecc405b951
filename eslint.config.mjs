import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";
import { layerRule } from "./scripts/layerRule.mjs";

const nodeGlobals = Object.fromEntries(
  ["process", "console", "URL", "Buffer", "setTimeout", "clearTimeout", "setInterval", "clearInterval", "fetch", "AbortSignal"].map(
    (name) => [name, "readonly"],
  ),
);

/** What makes a core function depend on something other than its arguments. */
const impure = [
  { object: "Math", property: "random", message: "Use env.random(), which is seeded." },
  { object: "Date", property: "now", message: "Core has no clock." },
  { object: "performance", property: "now", message: "Core has no clock." },
];

export default defineConfig(
  globalIgnores(["node_modules/", "dist/", ".cache/", ".vscode-test/", "test/output/", "test/fixtures/", "samples/", "src/core/kernels/wasm/"]),
  js.configs.recommended,
  tseslint.configs.recommended,
  {
    plugins: { lumen: { rules: { layers: layerRule } } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "lumen/layers": "error",
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "prefer-const": ["error", { destructuring: "all" }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["**/*.mjs"],
    languageOptions: { globals: nodeGlobals },
    rules: { "no-restricted-exports": "off" },
  },
  {
    files: ["src/core/**/*.ts"],
    rules: {
      "no-restricted-properties": ["error", ...impure],
      "no-restricted-globals": ["error", "console", "Date", "setTimeout", "performance", "process", "globalThis"],
    },
  },
  {
    files: ["src/webview/**/*.ts"],
    ignores: ["src/webview/main.ts", "src/webview/tensors/main.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        { name: "acquireVsCodeApi", message: "Only a main.ts talks to VS Code." },
      ],
    },
  },
  {
    files: ["test/**/*.ts"],
    ignores: ["test/support/fastCheck.ts"],
    rules: { "no-restricted-imports": ["error", { paths: [{ name: "fast-check", message: "Import test/support/fastCheck.js, which knows the seed." }] }] },
  },
  {
    // Nothing here is a test unless it runs: a skipped or focused test does not pass the lint.
    files: ["test/**/*.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        ...["it", "test", "describe", "suite"].flatMap((object) =>
          ["skip", "only", "todo"].map((property) => ({ object, property, message: "Every test runs." })),
        ),
      ],
    },
  },
);
