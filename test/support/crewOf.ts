import { rmSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll } from "vitest";
import { useCrew } from "../../src/core/kernels/crew.js";
import type { CrewOptions, HiredCrew } from "../../src/extension/worker/crew.js";
import { root } from "../../scripts/lib/paths.mjs";
import { bundleHelper, hire } from "./crew.js";

/** Gives a test file what hires helper threads of an entry, who help from then on. After each test they are ended. */
export function crewOf(entry = path.join(root, "src/extension/worker/crewMain.ts")): (options?: Partial<CrewOptions>) => HiredCrew {
  let bundle: { readonly folder: string; readonly file: string };
  let hired: HiredCrew | undefined;
  beforeAll(async () => {
    bundle = await bundleHelper(entry);
  });
  afterEach(async () => {
    useCrew();
    await hired?.end();
    hired = undefined;
  });
  afterAll(() => rmSync(bundle.folder, { recursive: true }));
  return (options) => {
    hired = hire(bundle.file, options);
    useCrew(hired);
    return hired;
  };
}
