import type { EmKernels } from "../em.js";
import { assign } from "./em/assign.js";
import { em1 } from "./em/em1.js";
import { em2 } from "./em/em2.js";
import { emDiagonal } from "./em/emDiagonal.js";
import { emFull } from "./em/emFull.js";
import { nearest } from "./em/nearest.js";

export const em: EmKernels = {
  diagonal: (columns, from, to, model, out) => (model.D === 1 ? em1 : emDiagonal)(columns, from, to, model, out),
  full: (columns, from, to, model, out) => (model.D === 2 ? em2 : emFull)(columns, from, to, model, out),
  assign,
  nearest,
};
