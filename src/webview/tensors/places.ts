import { defaultPlane } from "../../core/formats/tensorWindow.js";
import type { Plane } from "../../core/formats/tensors.js";
import { isWhole } from "../../core/formats/tensorTypes.js";
import type { OpenedTensors, TensorInfo, TensorPlace, TensorScale } from "../../core/protocol.js";

/** The array that a kept place names, or the first. */
export function startTensor({ tensors }: Pick<OpenedTensors, "tensors">, place: TensorPlace | undefined): number {
  return Math.max(0, tensors.findIndex(({ name }) => name === place?.tensor));
}

/** The kept plane where the array still has it, else the last two axes. */
export function startPlane({ name, shape }: TensorInfo, place: TensorPlace | undefined): Plane {
  const plane = defaultPlane({ shape });
  if (place?.tensor !== name || shape.length < 2) return plane;
  const { rowAxis, colAxis, index } = place;
  const axes = [rowAxis, colAxis].every((axis) => Number.isInteger(axis) && axis >= 0 && axis < shape.length) && rowAxis !== colAxis;
  const within = Array.isArray(index) && index.length === shape.length && index.every((at, axis) => Number.isInteger(at) && at >= 0 && at < Math.max(1, shape[axis]));
  return axes && within ? { rowAxis, colAxis, index } : plane;
}

/** Whole numbers such as pixels lie far beyond the setting's limit, so that all of them would be clipped. */
export function startScale({ name, dtype }: TensorInfo, place: TensorPlace | undefined): TensorScale {
  if (place?.tensor === name && (["setting", "window", "array"].includes(place.scale as string) || (typeof place.scale === "number" && place.scale > 0))) return place.scale;
  return isWhole(dtype) ? "array" : "setting";
}

/** Where the colours end. `array` is unknown until it is counted. */
export function limitOf(scale: TensorScale, setting: number, inSight: number, array: number | undefined): number {
  const limit = typeof scale === "number" ? scale : scale === "setting" ? setting : scale === "window" ? inSight : (array ?? inSight);
  return limit > 0 && Number.isFinite(limit) ? limit : setting;
}

/** The plane with one axis changed; the axis that had the other's part takes the one that is free. */
export function withAxis(plane: Plane, which: "rowAxis" | "colAxis", axis: number): Plane {
  const other = which === "rowAxis" ? "colAxis" : "rowAxis";
  return plane[other] === axis ? { ...plane, [which]: axis, [other]: plane[which] } : { ...plane, [which]: axis };
}

/** Whether the last two axes may be tokens that look at tokens: [heads, T, T], [layers, heads, T, T] or with an axis of texts. */
export function mayBeAttention(shape: readonly number[]): boolean {
  const [rows, columns] = shape.slice(-2);
  return shape.length >= 3 && shape.length <= 5 && rows === columns && rows > 1;
}
