export { heapBase } from "./lib/memory";
export { above } from "./lib/above";
export { bounds, quantise } from "./lib/bytes";
export { euclidean, manhattan, products } from "./lib/pairs";
export { rowProducts } from "./lib/rowProducts";
export { packRows, unitProducts } from "./lib/unitProducts";
