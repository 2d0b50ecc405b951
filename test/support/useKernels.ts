import { chooseKernels, type KernelChoice } from "../../src/core/kernels/choose.js";
import { useKernels } from "../../src/core/kernels/current.js";
import { wasmHost } from "./wasmHost.js";

// Tests run with what a reader gets, or with the implementation that LUMEN_KERNELS names, and then with no other.
const choice = (process.env.LUMEN_KERNELS ?? "auto") as KernelChoice;
const { kernels, report } = chooseKernels(choice, wasmHost, () => performance.now());
const [refused] = report.refused;
if (refused && (choice !== "auto" || refused.reason !== "this Node does not understand it")) throw new Error(`The kernels "${refused.build}" are not used: ${refused.reason}`);
useKernels(kernels);
