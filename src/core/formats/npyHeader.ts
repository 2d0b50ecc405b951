import { msg, type ByteSource, type Message } from "../contract/index.js";

/** What the header of a .npy file says. */
export type NpyHeader = {
  /** As numpy writes it: "<f4", "|b1" … */
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the numbers begin. */
  readonly dataOffset: number;
  readonly kind: "f" | "i" | "u" | "b";
  readonly itemSize: number;
  readonly littleEndian: boolean;
};

const LONGEST_HEADER = 1 << 20;

/**
 * Reads the header of a .npy file, versions 1 to 3, or says why it can't be used.
 * Format: numpy.lib.format, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
 */
export function readNpyHeader(bytes: ByteSource): NpyHeader | { readonly error: Message } {
  const head = bytes.read(0, Math.min(12, bytes.size));
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  if (head.length < 6 || magic.some((byte, i) => head[i] !== byte)) {
    if (head[0] === 0x50 && head[1] === 0x4b) {
      return fail(msg("This is a .npz or another zip archive, not a .npy file. Save one of its arrays by np.save(\"x.npy\", archive[\"x\"])."));
    }
    return fail(msg("This is not a .npy file: it does not begin with the mark of numpy. Save the array again by np.save(\"x.npy\", x)."));
  }
  const major = head[6];
  if (head.length >= 8 && (major < 1 || major > 3)) {
    return fail(msg("This .npy file has version {0}; versions 1 to 3 can be read. Save the array again by np.save(\"x.npy\", x).", `${major}.${head[7]}`));
  }
  const lengthBytes = major === 1 ? 2 : 4;
  const start = 8 + lengthBytes;
  if (head.length < start) return truncated();
  let length = 0;
  for (let i = lengthBytes - 1; i >= 0; i--) length = length * 256 + head[8 + i];
  if (length > LONGEST_HEADER) {
    return fail(msg("The header of this .npy file claims to be {0} bytes long. The file is damaged: save the array again by np.save(\"x.npy\", x).", length));
  }
  if (start + length > bytes.size) return truncated();
  const raw = bytes.read(start, length);
  let text = "";
  for (const byte of raw) text += String.fromCharCode(byte);
  return readDictionary(text, start + length);
}

function fail(error: Message): { readonly error: Message } {
  return { error };
}

function truncated(): { readonly error: Message } {
  return fail(msg("The .npy file ends within its header. Copy or save it again."));
}

function readDictionary(text: string, dataOffset: number): NpyHeader | { readonly error: Message } {
  const descr = /['"]descr['"]\s*:\s*(?:'([^']*)'|"([^"]*)")/.exec(text);
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text);
  const shape = /['"]shape['"]\s*:\s*\(([^)]*)\)/.exec(text);
  if (!descr && /['"]descr['"]\s*:\s*[[(]/.test(text)) {
    return fail(msg("This array has fields (a structured dtype). Save one of them: np.save(\"x.npy\", x[\"field\"])."));
  }
  const sizes = shape?.[1].split(",").map((each) => each.trim()).filter((each) => each !== "");
  if (!descr || !order || !sizes || !sizes.every((size) => /^\d{1,15}L?$/.test(size))) {
    return fail(msg("The header of this .npy file can't be understood. The file is damaged: save the array again by np.save(\"x.npy\", x)."));
  }
  const type = descr[1] ?? descr[2];
  const kind = readType(type);
  if ("error" in kind) return kind;
  return { descr: type, fortranOrder: order[1] === "True", shape: sizes.map((size) => parseInt(size, 10)), dataOffset, ...kind };
}

function readType(descr: string): Pick<NpyHeader, "kind" | "itemSize" | "littleEndian"> | { readonly error: Message } {
  const match = /^([<>|=]?)([a-zA-Z?])(\d*)/.exec(descr);
  const [, order, kind, digits] = match ?? ["", "", "", ""];
  const size = kind === "?" ? 1 : Number(digits);
  const littleEndian = order !== ">";
  if (kind === "?" || (kind === "b" && size === 1)) return { kind: "b", itemSize: 1, littleEndian };
  if (kind === "f" && (size === 2 || size === 4 || size === 8)) return { kind: "f", itemSize: size, littleEndian };
  if ((kind === "i" || kind === "u") && (size === 1 || size === 2 || size === 4 || size === 8)) {
    return { kind, itemSize: size, littleEndian };
  }
  switch (kind) {
    case "O":
      return fail(msg("This array holds Python objects (pickle), which are never loaded, since they can run code. Save numbers: np.save(\"x.npy\", x.astype(float))."));
    case "c":
      return fail(msg("This array holds complex numbers ({0}). Save a real part of it: np.save(\"x.npy\", np.abs(x)), or x.real, or x.imag.", descr));
    case "U":
    case "S":
    case "a":
      return fail(msg("This array holds strings ({0}), not numbers. If they spell numbers, save np.save(\"x.npy\", x.astype(float)).", descr));
    case "M":
    case "m":
      return fail(msg("This array holds dates or durations ({0}). Save them as numbers: np.save(\"x.npy\", x.astype(\"int64\")).", descr));
    case "V":
      return fail(msg("This array has fields (a structured dtype). Save one of them: np.save(\"x.npy\", x[\"field\"])."));
    default:
      return fail(msg("Arrays of type {0} can't be read. Save it as float64: np.save(\"x.npy\", x.astype(\"float64\")).", descr));
  }
}
