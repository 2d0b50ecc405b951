import type { Plane, Window } from "../../core/formats/tensors.js";
import type { OpenedTensors, TensorInfo } from "../../core/protocol.js";

/** A program that reads the array and takes the window that is seen, with numpy's own tools or those of the format. */
export function pythonText(file: string, { format, tensors }: Pick<OpenedTensors, "format" | "tensors">, tensor: TensorInfo, plane: Plane, window: Window): string {
  const path = JSON.stringify(file);
  const name = JSON.stringify(tensor.name);
  const lines = ((): string[] => {
    switch (format) {
      case "npy":
        // A single number can't be mapped.
        return ["import numpy as np", "", tensor.size > 0 && tensor.shape.length > 0 ? `x = np.load(${path}, mmap_mode="r")` : `x = np.load(${path})`];
      case "npz":
        return ["import numpy as np", "", `x = np.load(${path})[${name}]`];
      case "safetensors": {
        // numpy has no type for these.
        const torch = /bfloat|float8/.test(tensor.dtype);
        return ["from safetensors import safe_open", "", `with safe_open(${path}, framework="${torch ? "pt" : "np"}") as file:`, `    x = file.get_tensor(${name})`];
      }
      case "word2vec":
        return ["from gensim.models import KeyedVectors", "", `words = KeyedVectors.load_word2vec_format(${path}, binary=True)`, "x = words.vectors"];
    }
  })();
  const range = (start: number, count: number): string => `${start}:${start + count}`;
  const index = tensor.shape.map((_, axis) =>
    axis === plane.rowAxis ? range(window.rowStart, window.rowCount) : axis === plane.colAxis ? range(window.colStart, window.colCount) : String(plane.index[axis]));
  const slice = index.length === 0 ? "x" : `x[${index.join(", ")}]`;
  const turned = plane.rowAxis > plane.colAxis && plane.colAxis >= 0 ? `${slice}.T` : slice;
  const all = tensors.length > 1 || tensor.shape.length > 0 ? [`print(x.shape, x.dtype)`] : [];
  return [...lines, ...all, `print(${turned})`, ""].join("\n");
}
