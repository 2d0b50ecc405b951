import { msg, type Message } from "../../contract/index.js";
import { byteText } from "../../text/byteText.js";
import { grouped } from "../../text/numberText.js";
import { familyNames } from "./families.js";
import { weightMemory } from "./memory.js";
import type { ModelShape, ShapeResult } from "./modelShape.js";
import { parameterCount } from "./parameters.js";

/** "GPT-2 · 12 layers × 12 heads × 768 · 124,439,808 parameters · 249 MB in F16", for the line above a config.json; undefined for other files. */
export function shapeHeadline(result: ShapeResult): Message | undefined {
  switch (result.kind) {
    case "shape": {
      const { shape } = result;
      const memory = byteText(weightMemory(shape, "F16").numbers);
      return msg("{0} · {1} layers × {2} × {3} · {4} parameters · {5} in F16", shape.name, grouped(shape.layers), headsText(shape), grouped(shape.width), grouped(parameterCount(shape)), memory);
    }
    case "unfit":
      return msg("{0} · the sizes do not fit together", result.family.name);
    case "unknown":
      return msg("{0} · parameters not counted: Lumen knows {1}", result.modelType, familyNames);
    case "none":
      return undefined;
  }
}

/** "32 heads (8 for keys and values)". */
function headsText({ heads, kvHeads }: ModelShape): Message {
  return kvHeads === heads ? msg("{0} heads", grouped(heads)) : msg("{0} heads ({1} for keys and values)", grouped(heads), grouped(kvHeads));
}
