import path from "node:path";
import { createWasmHost } from "../../src/extension/worker/wasmHost.js";

/** The modules as they were built. Tests and benches run in the folder of the repository. */
export const wasmHost = createWasmHost(path.resolve("dist/kernels"));
