import { msg, type ByteSource, type Message, type Parsed, type Progress } from "../contract/index.js";
import { openSafetensors } from "../formats/safetensors.js";
import { shapeText, type Tensor, type TensorFile } from "../formats/tensorFile.js";
import { SourceFault } from "../formats/tensorSource.js";
import { kernels } from "../kernels/current.js";
import { bytesOf, type Matrix, type MatrixRoom, type StoredType } from "../kernels/matrix.js";

/** Elements read between two pauses at least. */
const PIECE = 2 ** 20;
/** Up to so many numbers a model is held in binary32, whatever its file has: tokens that come alone are then read four times as fast. */
const SMALL = 2 ** 23;

type Place = { readonly file: TensorFile; readonly tensor: Tensor };

/** The named tensors of a model, in one safetensors file or several, read by ranges. */
export class Weights {
  private readonly room: MatrixRoom = kernels().matrix.room();

  private constructor(
    private readonly places: ReadonlyMap<string, Place>,
    /** Numbers in all. */
    readonly count: number,
    /** What is wrong with the first file of which not all tensors can be read. */
    private readonly damage: Message | undefined,
  ) {}

  /**
   * Opens the files that hold the tensors; only headers are read.
   * @param shards by name
   * @throws SourceFault
   */
  static *open(shards: ReadonlyMap<string, ByteSource>): Generator<Progress, Weights, void> {
    const places = new Map<string, Place>();
    let count = 0;
    let damage: Message | undefined;
    for (const [name, bytes] of shards) {
      const opened = yield* openSafetensors(bytes, name);
      const file = need(opened);
      if (opened.problems.length > 0) damage ??= msg("{0}: {1}", name, opened.problems[0].message);
      for (const tensor of file.tensors) {
        places.set(tensor.name, { file, tensor });
        count += tensor.size;
      }
    }
    return new Weights(places, count, damage);
  }

  /** What its numbers take in memory. */
  get bytes(): number {
    let bytes = 0;
    for (const { tensor } of this.places.values()) bytes += tensor.size * bytesOf(this.heldAs(tensor));
    return bytes;
  }

  has(name: string): boolean {
    return this.places.has(name);
  }

  *vector(name: string, length: number): Generator<Progress, Float32Array, void> {
    return yield* this.widened(this.place(name, [length]), 1, length);
  }

  /** [rows, cols] as an array, for what is looked at number by number. */
  *values(name: string, rows: number, cols: number): Generator<Progress, Float32Array, void> {
    return yield* this.widened(this.place(name, [rows, cols]), rows, cols);
  }

  /** [rows, cols] as it stands in the file. */
  *matrix(name: string, rows: number, cols: number): Generator<Progress, Matrix, void> {
    return yield* this.stored(this.place(name, [rows, cols]), rows, cols, false);
  }

  /** A matrix that the file has as [rows, cols], as [cols, rows]. */
  *transposed(name: string, rows: number, cols: number): Generator<Progress, Matrix, void> {
    return yield* this.stored(this.place(name, [rows, cols]), rows, cols, true);
  }

  private place(name: string, shape: readonly number[]): Place {
    const place = this.places.get(name);
    if (!place) throw new SourceFault(this.damage ?? msg("The model's files have no tensor {0}, which config.json asks for. Copy config.json and the .safetensors files of the same model.", name));
    const found = place.tensor.shape;
    if (found.length === shape.length && found.every((length, axis) => length === shape[axis])) return place;
    throw new SourceFault(msg("The tensor {0} has shape {1}, but config.json asks for {2}. Copy config.json and the .safetensors files of the same model.", name, shapeText(found), shapeText(shape)));
  }

  private *widened({ file, tensor }: Place, rows: number, cols: number): Generator<Progress, Float32Array, void> {
    const out = withRoom(tensor, () => new Float32Array(rows * cols));
    for (const [start, n] of pieces(rows, cols)) {
      need(yield* file.read(tensor, start, n, 0, cols, undefined, out.subarray(start * cols)));
      yield { fraction: (start + n) / rows, message: msg("Reading {0}", tensor.name) };
    }
    return out;
  }

  /** Types of which there are no products are widened to binary32 too. */
  private heldAs({ dtype }: Tensor): StoredType {
    return (dtype === "float16" || dtype === "bfloat16") && this.count > SMALL ? dtype : "float32";
  }

  /** Goes piece by piece from the file to its place. */
  private *stored({ file, tensor }: Place, rows: number, cols: number, turned: boolean): Generator<Progress, Matrix, void> {
    const type = this.heldAs(tensor);
    const own = type === tensor.dtype;
    const matrix = withRoom(tensor, () => (turned ? this.room.matrix(cols, rows, type) : this.room.matrix(rows, cols, type)));
    const width = cols * bytesOf(type);
    const buffer = new Uint8Array(Math.min(rows, perPiece(cols)) * width);
    const widened = own ? undefined : new Float32Array(buffer.buffer);
    for (const [start, n] of pieces(rows, cols)) {
      let bytes: Uint8Array = buffer.subarray(0, n * width);
      if (widened) need(yield* file.read(tensor, start, n, 0, cols, undefined, widened));
      else bytes = tensor.bytes.read(tensor.offset + start * width, n * width, bytes);
      if (turned) matrix.fillTransposed(bytes, start, n);
      else matrix.fill(bytes, start, n);
      yield { fraction: (start + n) / rows, message: msg("Reading {0}", tensor.name) };
    }
    return matrix;
  }
}

function perPiece(cols: number): number {
  return Math.max(1, Math.floor(PIECE / cols));
}

function* pieces(rows: number, cols: number): Generator<[start: number, n: number], void, void> {
  const most = perPiece(cols);
  for (let start = 0; start < rows; start += most) yield [start, Math.min(most, rows - start)];
}

/** @throws SourceFault where a tensor finds no memory */
function withRoom<T>({ name }: Tensor, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SourceFault(msg("There is not enough memory for the model's tensor {0}. Close what needs much memory, or choose a smaller model.", name));
  }
}

function need<T>(parsed: Parsed<T>): T {
  if (parsed.ok) return parsed.input;
  throw new SourceFault(parsed.problems[0].message);
}
