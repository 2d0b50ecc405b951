import { msg, type ByteSource, type Parsed, type Progress } from "../contract/index.js";
import { openSafetensors } from "../formats/safetensors.js";
import { shapeText, type Tensor, type TensorFile } from "../formats/tensorFile.js";
import { SourceFault } from "../formats/tensorSource.js";

/** Elements read between two pauses at least. */
const PIECE = 2 ** 20;

type Place = { readonly file: TensorFile; readonly tensor: Tensor };

/** The named tensors of a model, in one safetensors file or several, read by ranges and widened to binary32. */
export class Weights {
  private constructor(
    private readonly places: ReadonlyMap<string, Place>,
    /** Numbers in all. */
    readonly count: number,
  ) {}

  /**
   * Opens the files that hold the tensors; only headers are read.
   * @param shards by name
   * @throws SourceFault
   */
  static *open(shards: ReadonlyMap<string, ByteSource>): Generator<Progress, Weights, void> {
    const places = new Map<string, Place>();
    let count = 0;
    for (const [name, bytes] of shards) {
      const file = need(yield* openSafetensors(bytes, name));
      for (const tensor of file.tensors) {
        places.set(tensor.name, { file, tensor });
        count += tensor.size;
      }
    }
    return new Weights(places, count);
  }

  has(name: string): boolean {
    return this.places.has(name);
  }

  *vector(name: string, length: number): Generator<Progress, Float32Array, void> {
    return yield* this.read(this.place(name, [length]), 1, length, false);
  }

  /** [rows, cols] as it stands in the file. */
  *matrix(name: string, rows: number, cols: number): Generator<Progress, Float32Array, void> {
    return yield* this.read(this.place(name, [rows, cols]), rows, cols, false);
  }

  /** A matrix that the file has as [rows, cols], as [cols, rows]. */
  *transposed(name: string, rows: number, cols: number): Generator<Progress, Float32Array, void> {
    return yield* this.read(this.place(name, [rows, cols]), rows, cols, true);
  }

  private place(name: string, shape: readonly number[]): Place {
    const place = this.places.get(name);
    if (!place) throw new SourceFault(msg("The model's files have no tensor {0}, which config.json asks for. Copy config.json and the .safetensors files of the same model.", name));
    const found = place.tensor.shape;
    if (found.length === shape.length && found.every((length, axis) => length === shape[axis])) return place;
    throw new SourceFault(msg("The tensor {0} has shape {1}, but config.json asks for {2}. Copy config.json and the .safetensors files of the same model.", name, shapeText(found), shapeText(shape)));
  }

  private *read({ file, tensor }: Place, rows: number, cols: number, transpose: boolean): Generator<Progress, Float32Array, void> {
    const out = new Float32Array(rows * cols);
    const perPiece = Math.max(1, Math.floor(PIECE / cols));
    const turned = transpose ? new Float32Array(Math.min(perPiece, rows) * cols) : undefined;
    for (let start = 0; start < rows; start += perPiece) {
      const n = Math.min(perPiece, rows - start);
      const piece = need(yield* file.read(tensor, start, n, 0, cols, undefined, turned ?? out.subarray(start * cols)));
      if (transpose) for (let i = 0; i < n; i++) for (let j = 0; j < cols; j++) out[j * rows + start + i] = piece[i * cols + j];
      yield { fraction: (start + n) / rows, message: msg("Reading {0}", tensor.name) };
    }
    return out;
  }
}

function need<T>(parsed: Parsed<T>): T {
  if (parsed.ok) return parsed.input;
  throw new SourceFault(parsed.problems[0].message);
}
