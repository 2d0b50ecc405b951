/** Labels rows from … to − 1 with the nearest of the centres. */
export function nearest(columns: readonly Float64Array[], from: number, to: number, centres: Float64Array, labels: Int32Array, distances: Float64Array): void {
  const D = columns.length;
  const K = centres.length / D;
  for (let i = from; i < to; i++) {
    let label = 0;
    let least = Infinity;
    for (let k = 0; k < K; k++) {
      let distance = 0;
      for (let d = 0; d < D; d++) {
        const difference = columns[d][i] - centres[k * D + d];
        distance += difference * difference;
      }
      if (distance < least) {
        least = distance;
        label = k;
      }
    }
    labels[i] = label;
    distances[i] = least;
  }
}
