import { buildKernels } from "../../scripts/lib/kernels.mjs";

export async function setup(): Promise<void> {
  await buildKernels();
}
