import type { EmKernels } from "./em.js";
import type { Build } from "./host.js";
import type { DecodeKernels } from "./decode.js";
import type { LogitsKernels } from "./logits.js";
import type { MapsKernels } from "./maps.js";
import type { MatrixKernels } from "./matrix.js";
import type { TextKernels } from "./text.js";
import type { TransformerKernels } from "./transformer.js";
import type { VectorsKernels } from "./vectors.js";

/** Who computes: a build of the WebAssembly modules, or TypeScript. */
export type Implementation = Build | "typescript";

/** The functions that have more than one implementation, by topic. All give the same results within the tolerances of the tests. */
export interface Kernels {
  readonly implementation: Implementation;
  readonly decode: DecodeKernels;
  readonly em: EmKernels;
  readonly logits: LogitsKernels;
  readonly text: TextKernels;
  readonly maps: MapsKernels;
  readonly matrix: MatrixKernels;
  readonly vectors: VectorsKernels;
  readonly transformer: TransformerKernels;
}
