import { crew, isShared } from "../kernels/crew.js";
import type { Data } from "./data.js";
import { sharedColumns } from "./emPieces.js";

/** A rough count of a fit's operations: an EM iteration costs about 10 + 2 D + D² / 2 for each row and component. */
export function fitWork(N: number, D: number, K: number): number {
  const iterations = 30;
  return iterations * K * N * (10 + 2 * D + (D * D) / 2);
}

/** Work from which helpers make fits of their own: that of some twenty milliseconds. */
const workToShare = 1e8;

/** The data where helpers read them, if so much work is worth their help and there is memory. Yields every few milliseconds. */
export function* dataToShare(data: Data, work: number): Generator<void, { readonly data: Data; readonly helped: boolean }, void> {
  if (crew().helpers === 0 || work < workToShare) return { data, helped: false };
  const columns = yield* sharedColumns(data.columns, data.N);
  return { data: { ...data, columns }, helped: columns.every(isShared) };
}
