import path from "node:path";
import { root } from "../../scripts/lib/paths.mjs";
import { createWasmHost } from "../../src/extension/worker/wasmHost.js";

/** The modules as they were built. */
export const wasmHost = createWasmHost(path.join(root, "dist/kernels"));
