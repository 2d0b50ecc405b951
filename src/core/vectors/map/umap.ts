import { UMAP } from "umap-js";
import type { Sparse } from "../../kernels/maps.js";

type Entry = { readonly row: number; readonly col: number; readonly value: number };

/** What umap-js 1.4 asks of its graph. */
type Graph = {
  readonly nRows: number;
  readonly nCols: number;
  getValues(): ArrayLike<number>;
  getAll(): Entry[];
  map(value: (value: number) => number): Graph;
};

/** umap-js's stages between the neighbours and the layout, which it keeps to itself. */
type Stages = { fuzzySimplicialSet(): Graph; makeSearchGraph(): Graph; nearestNeighbors(): { knnIndices: number[][]; knnDistances: number[][] } };

/**
 * umap-js, ready to step, on a graph that is known already. Its own way to the graph is one call that can be neither parted
 * nor stopped and keeps every entry in a map of strings (4 s for 10,000 points, 27 s for 50,000), so those stages hand
 * the given graph on; start and optimisation are the library's. It is pinned to one version, and a test compares graphs.
 */
export function umapOf(graph: Sparse, options: { readonly minDist: number; readonly iterations: number; readonly random: () => number }): UMAP {
  const umap = new UMAP({ nNeighbors: 1, minDist: options.minDist, nEpochs: options.iterations, random: options.random });
  const held = graphOf(graph, graph.values);
  Object.assign(umap as unknown as Stages, {
    nearestNeighbors: () => ({ knnIndices: [], knnDistances: [] }),
    fuzzySimplicialSet: () => held,
    makeSearchGraph: () => held, // for placing new points, which nobody does
  } satisfies Stages);
  umap.initializeFit(new Array<number[]>(graph.m).fill([]));
  return umap;
}

function graphOf(graph: Sparse, values: ArrayLike<number>): Graph {
  return {
    nRows: graph.m,
    nCols: graph.m,
    getValues: () => values,
    getAll() {
      const all: Entry[] = [];
      for (let row = 0; row < graph.m; row++) {
        for (let e = graph.starts[row]; e < graph.starts[row + 1]; e++) all.push({ row, col: graph.columns[e], value: values[e] });
      }
      return all;
    },
    map: (change) => graphOf(graph, Float64Array.from(values, change)),
  };
}
