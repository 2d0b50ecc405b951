export { heapBase } from "./lib/memory";
export { quantise, bounds } from "./lib/bytes";
