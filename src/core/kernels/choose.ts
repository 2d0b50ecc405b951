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

/**
 * A build that was tried and is not used: the machine does not understand it, it can't be started, since its files are missing or damaged or
 * there is no memory, or its results are not TypeScript's. `reason` is English, for the log.
 */
export type Refusal = { readonly build: Build; readonly fault: "unsupported" | "failed" | "different"; readonly reason: string };

/** What came of the choice, for diagnostics. */
export type KernelReport = {
  readonly choice: KernelChoice;
  /** What was asked for in its place, which is no choice. */
  readonly unknown?: string;
  readonly implementation: Implementation;
  /** Milliseconds of starting and comparing. */
  readonly milliseconds: number;
  /** What was tried first. */
  readonly refused: readonly Refusal[];
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
    vectors: bindVectors((shared = false) => openModule(host, build, "vectors", shared && crew().helpers > 0)),
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

/**
 * The first implementation that the machine understands and that computes what TypeScript does.
 * @param given one of `choices`; anything else, such as what a reader has written into the settings, is taken as "auto"
 */
export function chooseKernels(given: string, host: WasmHost | undefined, now: () => number): { readonly kernels: Kernels; readonly report: KernelReport } {
  const begun = now();
  const choice = choices.find((each) => each === given) ?? "auto";
  const refused: Refusal[] = [];
  const reportOf = (implementation: Implementation): KernelReport => ({ choice, ...(choice === given ? {} : { unknown: given }), implementation, milliseconds: now() - begun, refused });
  const wanted = choice === "typescript" ? [] : choice === "auto" ? builds : [choice];
  for (const build of host ? wanted : []) {
    const opened = open(host!, build);
    if (!("fault" in opened)) return { kernels: opened, report: reportOf(build) };
    refused.push(opened);
  }
  return { kernels: typescript, report: reportOf("typescript") };
}

function open(host: WasmHost, build: Build): Kernels | Refusal {
  if (!host.supports(build)) return { build, fault: "unsupported", reason: "this Node does not understand it" };
  try {
    const opened = openKernels(host, build);
    const difference = selfTest(opened);
    return difference === undefined ? opened : { build, fault: "different", reason: difference };
  } catch (error) {
    return { build, fault: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}
