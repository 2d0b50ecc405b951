import { readFileSync } from "node:fs";
import path from "node:path";
import { format } from "../../src/core/contract/index.js";
import { readNpyArray } from "../../src/core/formats/npy.js";
import { finish } from "./kmeans.js";
import type { Operation, Topic } from "./runner.js";
import { vectorOperations } from "./vectorOps.js";

const parseNpy: Operation = ({ input }, file) => {
  const content = readFileSync(path.join(file.folder, String(input.file)));
  const read = (offset: number, length: number) => new Uint8Array(content.subarray(offset, offset + length));
  const parsed = finish(readNpyArray({ size: content.length, read }));
  if (!parsed.ok) return { error: parsed.problems.map(({ message }) => format(message)).join(" ") };
  const { header, values } = parsed.input;
  return { values: { dtype: header.descr, shape: header.shape, fortran_order: header.fortranOrder, values_row_major: values } };
};

export const vectors: Topic = {
  name: ({ op, input }) => (op === "vectors.parse" ? `${op}[${String(input.format)}]` : op),
  operations: { ...vectorOperations, "vectors.parse[npy]": parseNpy },
};
