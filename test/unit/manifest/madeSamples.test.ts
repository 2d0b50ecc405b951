import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { makeSamples } from "../../../scripts/samples.mjs";
import { root } from "./repository.js";

test.each(Object.keys(makeSamples()))("%s is what the script writes", (name) => {
  const data = makeSamples()[name];
  expect(readFileSync(path.join(root, "samples", name)).equals(typeof data === "string" ? Buffer.from(data) : data)).toBe(true);
});
