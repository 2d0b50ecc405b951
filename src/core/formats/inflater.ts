import { Inflate } from "fflate/browser"; // what Node gets by default looks for threads when it is read
import type { MakeInflater } from "./inflate.js";

/** Inflaters for the deflated arrays of .npz. What a push unpacks to is handed on before the next push. */
export const makeInflater: MakeInflater = (sink) => {
  const inflate = new Inflate((bytes) => sink(bytes));
  return { push: (packed, last) => inflate.push(packed, last) };
};
