import { msg, type Message, type Problem } from "../contract/index.js";

/** What a file that is no text looks like at its beginning, when it is one of the usual kinds. */
const KINDS: readonly { readonly magic: readonly number[]; readonly remedy: () => Message }[] = [
  { magic: [0x93, 0x4e, 0x55, 0x4d], remedy: () => msg("It is a numpy array: give it the ending .npy.") },
  { magic: [0x50, 0x4b], remedy: () => msg("It is an Excel workbook or another zip archive: save the sheet as CSV.") },
  { magic: [0xd0, 0xcf, 0x11, 0xe0], remedy: () => msg("It is an old Excel workbook: save the sheet as CSV.") },
  { magic: [0x1f, 0x8b], remedy: () => msg("It is compressed by gzip: unpack it first.") },
  { magic: [0x50, 0x41, 0x52, 0x31], remedy: () => msg("It is a Parquet file: save it as CSV or .npy.") },
  { magic: [0x80, 0x02], remedy: () => msg("It is a Python pickle, which is never loaded, since it can run code: save it as CSV or .npy.") },
];

/** The problem of a file whose first bytes are not text; undefined for text, also UTF-16 with a byte order mark. */
export function binaryProblem(head: Uint8Array, name: string): Problem | undefined {
  const utf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  let control = 0;
  for (const byte of head) if (isControl(byte)) control++;
  const zeros = head.includes(0);
  const kind = KINDS.find(({ magic }) => magic.every((byte, i) => head[i] === byte));
  if (utf16 || !(zeros || control > head.length / 20 || (kind && control > 0))) return undefined;
  return problem(name, kind?.remedy());
}

/** The same for a text that an editor made of such a file. */
export function binaryTextProblem(text: string, name: string): Problem | undefined {
  const n = Math.min(text.length, 4096);
  let control = 0;
  for (let i = 0; i < n; i++) {
    const code = text.charCodeAt(i);
    if (code === 0) return problem(name, undefined);
    if (isControl(code) || code === 0xfffd) control++;
  }
  return control > n / 20 ? problem(name, undefined) : undefined;
}

function isControl(code: number): boolean {
  return code < 32 && code !== 9 && code !== 10 && code !== 13 && code !== 12 && code !== 27;
}

function problem(name: string, remedy: Message | undefined): Problem {
  return {
    severity: "error",
    message: msg("{0} holds binary data, not text. {1}", name, remedy ?? msg("Open a text file such as CSV, or a .npy file.")),
  };
}
