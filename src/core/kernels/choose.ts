import { bindDecode } from "./bindings/decode.js";
import { bindEm } from "./bindings/em.js";
import { bindLogits } from "./bindings/logits.js";
import { bindMaps, type MapsExports } from "./bindings/maps.js";
import { bindMatrix, type MatrixExports } from "./bindings/matrix.js";
import { bindText } from "./bindings/text.js";
import { openModule } from "./bindings/module.js";
import { bindTransformer } from "./bindings/transformer.js";
import { bindVectors } from "./bindings/vectors.js";
import { checkDecode } from "./decode.js";
import { checkEm } from "./em.js";
import { crew } from "./crew.js";
import { builds, type Build, type WasmHost } from "./host.js";
import type { Implementation, Kernels } from "./kernels.js";
import { checkLogits } from "./logits.js";
import { checkMaps } from "./maps.js";
import { checkMatrix } from "./matrix.js";
import { checkText } from "./text.js";
import { checkTransformer } from "./transformer.js";
import { typescript } from "./typescript.js";
import { checkVectors } from "./vectors.js";

/** The values of the setting `lumen.kernels`. */
export const choices = ["auto", "relaxed", "simd", "typescript"] as const;
export type KernelChoice = (typeof choices)[number];

/** What came of the choice, for diagnostics. */
export type KernelReport = {
  readonly choice: KernelChoice;
  readonly implementation: Implementation;
  /** Milliseconds of starting and comparing. */
  readonly milliseconds: number;
  /** What was tried first, and why it is not used: English, for the log. */
  readonly refused: readonly { readonly build: Build; readonly reason: string }[];
};

/** One build's functions. @throws when a module is missing or not understood */
export function openKernels(host: WasmHost, build: Build): Kernels {
  return {
    implementation: build,
    decode: bindDecode(openModule(host, build, "decode")),
    em: bindEm(openModule(host, build, "em")),
    logits: bindLogits(() => openModule(host, build, "logits")),
    text: bindText(() => openModule(host, build, "text")),
    maps: bindMaps(() => openModule(host, build, "maps", crew().helpers > 0), (memory) => host.instantiate("maps", build, memory) as MapsExports),
    matrix: bindMatrix(() => openModule(host, build, "matrix", crew().helpers > 0), (memory) => host.instantiate("matrix", build, memory) as MatrixExports),
    vectors: bindVectors(() => openModule(host, build, "vectors")),
    transformer: bindTransformer(openModule(host, build, "transformer")),
  };
}

/** Compares with TypeScript on small inputs. @returns what differs */
export function selfTest(own: Kernels): string | undefined {
  return (
    checkDecode(own.decode, typescript.decode) ??
    checkEm(own.em, typescript.em) ??
    checkLogits(own.logits, typescript.logits) ??
    checkText(own.text, typescript.text) ??
    checkMaps(own.maps, typescript.maps) ??
    checkMatrix(own.matrix, typescript.matrix) ??
    checkVectors(own.vectors, typescript.vectors) ??
    checkTransformer(own.transformer, typescript.transformer)
  );
}

/** The first implementation that the machine understands and that computes what TypeScript does. */
export function chooseKernels(choice: KernelChoice, host: WasmHost | undefined, now: () => number): { readonly kernels: Kernels; readonly report: KernelReport } {
  const begun = now();
  const refused: { build: Build; reason: string }[] = [];
  const wanted = choice === "typescript" ? [] : choice === "auto" ? builds : [choice];
  for (const build of host ? wanted : []) {
    const opened = open(host!, build);
    if (typeof opened !== "string") return { kernels: opened, report: { choice, implementation: build, milliseconds: now() - begun, refused } };
    refused.push({ build, reason: opened });
  }
  return { kernels: typescript, report: { choice, implementation: "typescript", milliseconds: now() - begun, refused } };
}

function open(host: WasmHost, build: Build): Kernels | string {
  if (!host.supports(build)) return "this Node does not understand it";
  try {
    const opened = openKernels(host, build);
    return selfTest(opened) ?? opened;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
