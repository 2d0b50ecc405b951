import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { InflatedBytes } from "../../../../src/core/formats/inflate.js";
import { openNpz } from "../../../../src/core/formats/npz.js";
import { openSafetensors } from "../../../../src/core/formats/safetensors.js";
import { bytesOf, finish, makeInflater, npy, oracleFile, raw, read, safetensors, sentences, value } from "./helpers.js";
import { checksum, zip } from "./zipWriter.js";

const f32 = (begin: number, end: number, shape: number[] = [(end - begin) / 4], dtype = "F32") => ({ dtype, shape, data_offsets: [begin, end] });

describe("safetensors headers", () => {
  const open = (content: Uint8Array, size = content.length) => finish(openSafetensors({ ...bytesOf(content), size }, "m.safetensors"));
  const lengthOf = (low: number, high: number): Uint8Array<ArrayBuffer> => {
    const bytes = safetensors("{}", new Uint8Array(32));
    new DataView(bytes.buffer).setUint32(0, low, true);
    new DataView(bytes.buffer).setUint32(4, high, true);
    return bytes;
  };
  const data = new Uint8Array(16);

  it.each([
    ["shorter than their length", new Uint8Array(5), "ends within the first 8 bytes"],
    ["above 100 MB", lengthOf(1e8 + 1, 0), "claims to be 100000001 bytes long; at most 100000000 are allowed"],
    ["of 2^60 bytes", lengthOf(5, 2 ** 28), "at most 100000000 are allowed"],
    ["longer than the file", lengthOf(1000, 0), "claims to be 1000 bytes long, but only 34 follow. The file is cut off"],
    ["in the other byte order", lengthOf(0, 0x02000000), "big-endian (2 bytes), but .safetensors is little-endian"],
    ["without a brace", safetensors("[]"), "does not begin with a brace"],
    ["that are not JSON", safetensors("{\"a\": }"), "“}” stands where “{” should"],
    ["that end early", safetensors("{\"a\": {\"dtype\":"), "“(the end)” stands where"],
    ["with text behind", safetensors("{} {}"), "“{}” stands where “}” should"],
    ["that name a tensor twice", safetensors(`{"a":${JSON.stringify(f32(0, 8))},"a":${JSON.stringify(f32(8, 16))}}`, data), "names a twice"],
    ["whose tensors overlap", safetensors({ a: f32(0, 12), b: f32(8, 16) }, data), "a and b overlap"],
    ["whose tensors hide in another", safetensors({ a: f32(0, 16), b: f32(4, 8), c: f32(8, 12) }, data), "a and b overlap"],
    ["with a shape that its offsets don't fit", safetensors({ a: f32(0, 16, [3]) }, data), "a is (3,) F32, which needs 12 bytes, but its offsets leave 16"],
    ["with a shape beyond all bounds", safetensors({ a: f32(0, 16, [9e15, 9e15]) }, data), "but its offsets leave 16"],
    ["with offsets behind the end", safetensors({ a: f32(0, 32) }, data), "a ends at byte 32 of the data, but the file has only 16"],
    ["with offsets that run backwards", safetensors({ a: { dtype: "F32", shape: [0], data_offsets: [8, 4] } }, data), "stands where"],
    ["with negative sizes", safetensors({ a: { dtype: "F32", shape: [-1], data_offsets: [0, 4] } }, data), "stands where “0” should"],
    ["with types that can't be read", safetensors({ a: f32(0, 16, [2], "C64") }, data), "a has type C64, which can't be read"],
    ["without tensors", safetensors({}), "holds no arrays"],
  ])("%s", (_, content, sentence) => {
    const parsed = open(content);
    expect(parsed.ok).toBe(false);
    expect(sentences(parsed)[0]).toContain(sentence);
  });

  it("read what is whole of a file that is cut off", () => {
    const parsed = open(safetensors({ a: f32(0, 8), b: f32(8, 24) }, data));
    expect(value(parsed).tensors.map(({ name }) => name)).toEqual(["a"]);
    expect(sentences(parsed)).toEqual(["warning: The tensor b ends at byte 24 of the data, but the file has only 16. The file is cut off: copy or save it again."]);
  });
});

describe("zip archives", () => {
  const array = npy("<f4", [2, 2], raw(Float32Array.of(1, 2, 3, 4)));
  const open = (content: Uint8Array) => finish(openNpz(bytesOf(content), "x.npz", makeInflater));
  const bomb = npy("|u1", [3e8], new Uint8Array(0));

  it("are read in zip64", () => {
    const file = value(open(zip([{ name: "a.npy", data: array }], { zip64: true })));
    expect(Array.from(value(finish(file.read(file.tensors[0], 0, 2, 0, 2))))).toEqual([1, 2, 3, 4]);
  });

  it.each([
    ["cut off", zip([{ name: "a.npy", data: array }]).slice(0, -30), "missing. The file is cut off"],
    ["without arrays", zip([{ name: "a.txt", data: array }]), "zip archive without numpy arrays"],
    ["encrypted", zip([{ name: "a.npy", data: array, flags: 1 }]), "a.npy: This entry is encrypted"],
    ["packed otherwise", zip([{ name: "a.npy", data: array, method: 12 }]), "packed by method 12"],
    ["with entries that overlap", zip([{ name: "a.npy", data: array }, { name: "b.npy", data: array, header: 10 }]), "overlap, as in a zip bomb"],
    ["with an entry that reaches into the directory", zip([{ name: "a.npy", data: array, header: 40 }]), "error: The archive's directory is damaged"],
    ["with more entries than there are", zip([{ name: "a.npy", data: array }], { count: 9 }), "directory is damaged"],
    ["with millions of entries", zip([{ name: "a.npy", data: array }], { zip64: true, count: 5e6 }), "promises 5000000 files"],
    ["that promise more than deflate can pack", zip([{ name: "a.npy", data: bomb, deflate: true, size: 4e9 }]), "would unpack to 4000 MB, as in a zip bomb"],
    ["that pack hundreds of megabytes into one", zip([{ name: "a.npy", data: array, packed: new Uint8Array(1e6), method: 8, size: 5e8 }]), "1000000 bytes would unpack to 500 MB"],
    ["of Python objects", zip([{ name: "a.npy", data: npy("|O", [2], new Uint8Array(0)) }]), "a.npy: This array holds Python objects"],
    ["whose array is longer than its entry", zip([{ name: "a.npy", data: npy("<f8", [9], new Uint8Array(8)) }]), "needs 72 bytes, but only 8 follow"],
  ])("%s", (_, content, sentence) => {
    const parsed = open(content);
    expect(parsed.ok).toBe(false);
    expect(sentences(parsed)[0]).toContain(sentence);
  });

  it("unpack no more than they promise", () => {
    const large = npy("|u1", [64], new Uint8Array(900_000).map((_, i) => (i * i) % 251));
    const parsed = open(zip([{ name: "a.npy", data: large, deflate: true, size: large.length - 900_000 + 64 }]));
    expect(sentences(parsed)).toEqual(["error: a.npy: a.npy unpacks to more than the 192 bytes that the archive promises, as a zip bomb does. It was not read further."]);
  });

  it("notice damaged data by their checksum", () => {
    const content = npy("|u1", [3000], new Uint8Array(3000).map((_, i) => (i * 7) % 251));
    const parsed = open(zip([{ name: "a.npy", data: content, deflate: true, crc: checksum(content) ^ 1 }, { name: "b.npy", data: array }]));
    // The only block is unpacked, and so checked, when the array's header is read.
    expect(value(parsed).tensors.map(({ name }) => name)).toEqual(["b"]);
    expect(sentences(parsed)).toEqual(["warning: a.npy: The packed data of a.npy are damaged. Copy or save the file again."]);
  });
});

describe("unpacked bytes", () => {
  const content = new Uint8Array(5_300_000).map((_, i) => (i >> 7) & 255);
  const packed = new Uint8Array(deflateRawSync(content, { level: 1 }));

  it.each([1, 1 << 21, 1 << 28])("are the same in any order of reading, %d bytes kept", (keep) => {
    const bytes = new InflatedBytes(bytesOf(packed), content.length, checksum(content), makeInflater, "a.npy", keep);
    for (const [offset, length] of [[0, 10], [5_299_990, 50], [1_048_570, 20], [2_000_000, 3_000_000], [0, 1], [5_299_999, 1]]) {
      finish(bytes.reach(offset, length));
      expect(Buffer.compare(bytes.read(offset, length), content.subarray(offset, offset + length))).toBe(0);
    }
  });

  it("end in a fault where the data do", () => {
    const cut = new InflatedBytes(bytesOf(packed.slice(0, packed.length / 2)), content.length, 0, makeInflater, "a.npy");
    expect(() => cut.read(5_000_000, 10)).toThrow(/packed data|unpacks to/);
    expect(cut.read(0, 10)).toEqual(content.slice(0, 10));
  });
});

describe("files of vectors", () => {
  const header = "3 4\n";
  const big = (): Uint8Array => {
    const text = new TextEncoder().encode("2 50\n");
    const row = (word: string): Uint8Array => {
      const bytes = new Uint8Array(word.length + 1 + 200);
      bytes.set(new TextEncoder().encode(`${word} `));
      for (let j = 0; j < 50; j++) new DataView(bytes.buffer).setFloat32(word.length + 1 + 4 * j, Math.sin(j + 1) / 3, false);
      return bytes;
    };
    return Uint8Array.from([...text, ...row("king"), ...row("queen")]);
  };

  /** Vectors of four numbers under a first line that says three. */
  const less = (): Uint8Array => {
    const row = (i: number): number[] => [...new TextEncoder().encode(`w${i} `), ...raw(Float32Array.of(i, 2, 3, 0.1)), 10];
    return Uint8Array.from([...new TextEncoder().encode("20 3\n"), ...Array.from({ length: 20 }, (_, i) => row(i)).flat()]);
  };

  it.each([
    ["empty", "v.txt", "", "v.txt is empty"],
    ["of one line that promises others", "v.txt", header, "Only a first line stands here"],
    ["whose first line promises absurd dimensions", "v.txt", "1 999999999\nking 0.5 0.6\n", "promises 999999999 numbers for each word, but the 1 lines that follow are too short"],
    ["whose first line promises more words", "v.vec", "3 2\na 1 2\nb 3 4\n", "promises 3 words, but 2 follow"],
    ["with a short line", "v.txt", "a 1 2 3\nb 1 2 3\nc 1 2\n", "Line 3 (c) does not end in 3 numbers"],
    ["whose binary header promises more", "v.bin", Uint8Array.from([...new TextEncoder().encode("900 100\nking "), 0, 1, 2, 3]), "promises 900 words of 100 dimensions, which need 361800 bytes"],
    ["whose binary header promises nothing", "v.bin", "0 0\n", "promises 0 words of 0 dimensions, so the file holds no vectors"],
    ["whose binary header promises a dimension less", "v.bin", less(), "20 words hold control characters, as when the first line promises the wrong number of dimensions (3)"],
    ["cut off in binary", "v.bin", oracleFile("word2vec.bin").slice(0, -3), "cut off"],
    ["in big-endian binary", "v.bin", big(), "other order (big-endian)"],
    ["without a space behind a binary word", "v.bin", Uint8Array.from([...new TextEncoder().encode("1 2\n"), ...new Uint8Array(9000).fill(200)]), "is longer than 4096 bytes"],
    ["in UTF-16", "v.txt", Uint8Array.of(0xff, 0xfe, 97, 0, 32, 0, 49, 0), "UTF-16"],
    ["compressed by gzip", "v.txt.gz", Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 1, 2, 3), "unpack it first"],
    ["without numbers", "v.txt", "once upon a time\nthere was\n", "these are no word vectors"],
    ["in JSON with vectors of two lengths", "v.json", "{\"a\": [1, 2],\n\"b\": [1]}", "Line 2: the vector of b has 1 numbers, but that of a has 2"],
    ["in JSON with an empty vector", "v.json", "{\"a\": []}", "the vector of a is empty"],
    ["in JSON without vectors", "v.json", "{}", "No vectors stand here"],
    ["in JSON that is something else", "v.json", "{\"a\": {\"b\": 1}}", "Line 1: “{\"b\": 1}}” stands where “[” should"],
    ["in JSON cut off", "v.json", "{\"a\": [1, 2", "“(the end)” stands where"],
    ["in CSV with a short row", "v.csv", "word,x,y\na,1,2\nb,3,4\nc,5\n", "Line 4 has 2 cells, but line 1 has 3"],
    ["in CSV with text among numbers", "v.csv", "word,x,y\na,1,2\nb,3,4\nc,5,high\n", "Line 4, cell 3: “high” is not a number"],
    ["in CSV without numbers", "v.csv", "word,other\na,b\nc,d\n", "No columns of numbers"],
    ["one-dimensional", "v.npy", npy("<f4", [3], raw(new Float32Array(3))), "no array of two dimensions, a row for each word. Its arrays: v (3,)"],
    ["without rows", "v.npy", npy("<f4", [0, 3], new Uint8Array(0)), "its shape is (0, 3)"],
    ["that pretend to be arrays", "v.npy", "king 1 2", "not a .npy file"],
    ["of several matrices", "v.safetensors", safetensors({ a: f32(0, 8, [1, 2]), b: f32(8, 16, [2, 1]) }, new Uint8Array(16)), "2 arrays of two dimensions, so it is not clear which holds the vectors. Choose one of: a (1, 2), b (2, 1)."],
  ])("%s", (_, name, content, sentence) => {
    const parsed = read(name, content);
    expect(sentences(parsed)[0]).toContain(sentence);
    expect(parsed.ok).toBe(false);
  });

  it("without the words that fit them", () => {
    const matrix = npy("<f4", [3, 2], raw(Float32Array.of(1, 2, 3, 4, 5, 6)));
    expect(sentences(read("v.npy", matrix, { "v.words.txt": "a\nb\n" }))).toEqual(["error: v.words.txt has 2 words, but the array v has 3 rows. They must be as many: one word for each row, in the same order."]);
    const other = read("v.npy", matrix, { "words.txt": "a\nb\n" });
    expect(sentences(other)).toEqual(["warning: words.txt has 2 words and the array v has 3 rows, so its rows are called by their number."]);
    expect(other.ok && other.input.words).toEqual(["0", "1", "2"]);
    expect(sentences(read("v.npy", matrix, { "vocab.json": "{\"a\": 0, \"b\": 2, \"c\": 2}" }))[0]).toContain("the row numbers of its 3 words are not 0 to 2, each once");
    expect(sentences(read("v.npy", matrix, { "vocab.json": "{\"a\": [1]}" }))[0]).toContain("vocab.json, line 1: “[1]}” stands where");
  });
});
