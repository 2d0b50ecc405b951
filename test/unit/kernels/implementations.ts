import { openKernels } from "../../../src/core/kernels/choose.js";
import { builds } from "../../../src/core/kernels/host.js";
import type { Kernels } from "../../../src/core/kernels/kernels.js";
import { typescript } from "../../../src/core/kernels/typescript.js";
import { wasmHost } from "../../support/wasmHost.js";

/** All that this machine understands, TypeScript first. */
export const everyKernels: readonly Kernels[] = [typescript, ...builds.filter((build) => wasmHost.supports(build)).map((build) => openKernels(wasmHost, build))];
