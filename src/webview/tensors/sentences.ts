import { msg, type Message } from "../../core/contract/index.js";
import { isWhole } from "../../core/formats/tensorTypes.js";
import type { Statistics } from "../../core/formats/tensors.js";
import type { OpenedTensors, TensorInfo } from "../../core/protocol.js";
import { shortByteText } from "../../core/text/byteText.js";
import { compact, significant } from "../text/number.js";

/** "768 × 30,522", "a single number". */
export function shapeWords({ shape }: Pick<TensorInfo, "shape">): Message {
  if (shape.length === 0) return msg("a single number");
  return shape.length === 1 ? (shape[0] === 1 ? msg("1 number in a row") : msg("{0} numbers in a row", compact(shape[0]))) : msg("{0} numbers", shape.map(compact).join(" × "));
}

/** How the numbers stand in the file. */
export function storageSentence({ format, size }: Pick<OpenedTensors, "format" | "size">, tensor: TensorInfo): Message {
  const { dtype, descr, bytes, littleEndian, order, shape } = tensor;
  const each = tensor.size === 0 ? 0 : bytes / tensor.size;
  if (tensor.size === 0) return msg("{0} ({1}); it is empty, so there is nothing to draw.", dtype, descr);
  const type = each === 1 ? msg("{0} ({1}), 1 byte each", dtype, descr) : msg("{0} ({1}), {2} bytes each", dtype, descr, each);
  const place = shortByteText(bytes);
  if (format === "word2vec") return msg("{0}, little-endian, each row behind its word; {1} of the file’s {2}.", msg("{0}, {1} bytes each", dtype, each), place, shortByteText(size));
  const endian = each === 1 ? msg("no byte order") : littleEndian ? msg("little-endian") : msg("big-endian");
  // An archive may be packed, so that the file is smaller than its arrays.
  const whole = format === "npz" ? msg("{0} of numbers in a file of {1}", place, shortByteText(size)) : msg("{0} of the file’s {1}", place, shortByteText(size));
  if (shape.length < 2) return msg("{0}, {1}; {2}.", type, endian, whole);
  const way = order === "C" ? msg("row-major (C order: the last index runs fastest)") : msg("column-major (Fortran order: the first index runs fastest)");
  return msg("{0}, {1}, {2}; {3}.", type, endian, way, whole);
}

/** What the numbers are like, once they are counted. */
export function countSentence(statistics: Statistics, { dtype }: Pick<TensorInfo, "dtype">): Message {
  const { count, finite, nan, positiveInfinity, negativeInfinity, min, max, mean, zeros } = statistics;
  const infinite = positiveInfinity + negativeInfinity;
  if (count === 0) return msg("There are no numbers.");
  if (finite === 0) return nan === count ? msg("All of them are NaN.") : msg("None of them is finite: {0} NaN, {1} infinite.", compact(nan), compact(infinite));
  const range =
    dtype === "bool"
      ? msg("True: {0}, False: {1}.", compact(count - zeros), compact(zeros))
      : min === max
        ? msg("All are {0}.", significant(min, 6))
        : msg("They lie between {0} and {1}, {2} on average.", number(min, dtype), number(max, dtype), significant(mean, 4));
  if (nan + infinite === 0) return range;
  if (infinite === 0) return msg("{0} Left out of that: {1} NaN.", range, compact(nan));
  return nan === 0 ? msg("{0} Left out of that: {1} infinite.", range, compact(infinite)) : msg("{0} Left out of that: {1} NaN, {2} infinite.", range, compact(nan), compact(infinite));
}

/** A number of the array, in full where it is whole. */
export function number(value: number, dtype: TensorInfo["dtype"]): string {
  return isWhole(dtype) && Math.abs(value) < 1e15 ? compact(value) : significant(value, 5);
}
