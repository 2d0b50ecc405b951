/** The library's schedule of t-SNE: p is exaggerated so much at first, and so long. scikit-learn's 12 holds word vectors together in one lump. */
export const EXAGGERATION = 4;
const EXAGGERATED = 100;

/** The iteration before which p is exaggerated, of so many planned ones. */
export function exaggeratedUntil(planned: number): number {
  return Math.min(EXAGGERATED, Math.floor(planned / 2));
}
