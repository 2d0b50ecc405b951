export type { Halves } from "./integerHalves.js";
export type { Histogram, Statistics } from "./tensorStatistics.js";
export type { DType } from "./tensorTypes.js";
export type { Plane, Window } from "./tensorWindow.js";
