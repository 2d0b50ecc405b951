import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * A source of standard normal numbers that is the same everywhere: a linear congruential generator (Numerical Recipes,
 * ch. 7) with the Box–Muller transform.
 * @param {number} seed
 */
function normals(seed) {
  let state = seed >>> 0;
  const uniform = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const uniformAboveZero = () => uniform() + 2 ** -33;
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(uniformAboveZero())) * Math.cos(2 * Math.PI * uniform()),
  };
}

/** Moves every element to a random place, so that the order of the rows tells nothing. @template T @param {T[]} rows @param {() => number} uniform */
function shuffle(rows, uniform) {
  for (let i = rows.length - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
  return rows;
}

/** Six tight groups in two rows: EM with random starts often leaves two groups to one component. */
function restarts() {
  const { uniform, normal } = normals(11);
  const centres = [
    [3, 3],
    [9, 2.4],
    [15, 3.2],
    [3.4, 9.6],
    [9.2, 9],
    [14.6, 9.8],
  ];
  const rows = centres.flatMap(([x, y]) =>
    Array.from({ length: 30 }, () => [x + 0.7 * normal(), y + 0.7 * normal()].map((v) => v.toFixed(3)).join(",")),
  );
  return `x,y\n${shuffle(rows, uniform).join("\n")}\n`;
}

/** Response times of a service: answers from the cache near 12 ms, the others near 180 ms, both log-normal. */
function latencies() {
  const { uniform, normal } = normals(5);
  const routes = ["/search", "/item", "/cart", "/home"];
  const rows = Array.from({ length: 160 }, () => {
    const cached = uniform() < 0.6;
    const ms = cached ? Math.exp(2.5 + 0.35 * normal()) : Math.exp(5.2 + 0.45 * normal());
    return `  {"route": "${routes[Math.floor(4 * uniform())]}", "ms": ${ms.toFixed(1)}}`;
  });
  return `[\n${rows.join(",\n")}\n]\n`;
}

/** Reaction times, as lists in a program. */
function lists() {
  const { uniform, normal } = normals(21);
  const seconds = shuffle(
    [
      ...Array.from({ length: 36 }, () => 0.31 + 0.03 * normal()),
      ...Array.from({ length: 24 }, () => 0.52 + 0.06 * normal()),
    ],
    uniform,
  ).map((v) => v.toFixed(3));
  const points = shuffle(
    [
      ...Array.from({ length: 20 }, () => [1 + 0.4 * normal(), 2 + 0.5 * normal()]),
      ...Array.from({ length: 20 }, () => [4 + 0.6 * normal(), 3.5 + 0.4 * normal()]),
    ],
    uniform,
  ).map((row) => `[${row.map((v) => v.toFixed(2)).join(", ")}]`);
  const inRowsOf = (/** @type {string[]} */ items, /** @type {number} */ n) =>
    Array.from({ length: Math.ceil(items.length / n) }, (_, i) => `    ${items.slice(i * n, i * n + n).join(", ")},\n`).join("");
  return (
    "import numpy as np\n\n" +
    "# Reaction times in seconds; some of them with a distraction. One column.\n" +
    `reaction_times = [\n${inRowsOf(seconds, 10)}]\n\n` +
    "# Two columns.\n" +
    `points = np.array([\n${inRowsOf(points, 4)}])\n`
  );
}

/** A table in notes: two machines write into one log. */
function notes() {
  const { uniform, normal } = normals(8);
  const rows = shuffle(
    [
      ...Array.from({ length: 18 }, () => [22 + 1.5 * normal(), 410 + 18 * normal()]),
      ...Array.from({ length: 14 }, () => [31 + 2 * normal(), 365 + 14 * normal()]),
    ],
    uniform,
  ).map(([temperature, speed], i) => `| ${i + 1} | ${temperature.toFixed(1)} | ${speed.toFixed(0)} |`);
  return (
    "# Bench log\n\nTwo machines wrote these runs into one table. Which run came from which?\n\n" +
    "| run | temperature (°C) | throughput (MB/s) |\n| ---: | ---: | ---: |\n" +
    `${rows.join("\n")}\n`
  );
}

/** Gradient norms of a training run, as a log in JSON Lines: some steps spike. */
function training() {
  const { uniform, normal } = normals(17);
  return Array.from({ length: 200 }, (_, i) => {
    const loss = 1.8 + 2.6 * Math.exp(-i / 60) + 0.05 * normal();
    const norm = uniform() < 0.12 ? Math.exp(1.6 + 0.5 * normal()) : Math.exp(-0.3 + 0.18 * normal());
    return `{"step": ${i + 1}, "loss": ${loss.toFixed(4)}, "grad_norm": ${norm.toFixed(4)}}\n`;
  }).join("");
}

/** A table as spreadsheets write it where the comma is decimal. */
function decimalCommas() {
  const { uniform, normal } = normals(29);
  const rows = shuffle(
    [
      ...Array.from({ length: 40 }, () => [20.5 + 0.6 * normal(), 45 + 3 * normal()]),
      ...Array.from({ length: 30 }, () => [24.5 + 0.9 * normal(), 58 + 4 * normal()]),
    ],
    uniform,
  ).map((row) => row.map((v) => v.toFixed(2).replace(".", ",")).join(";"));
  return `temperature (°C);humidity (%)\n${rows.join("\n")}\n`;
}

/** A .npy file, version 1.0, of 1,000 × 2 float64: three correlated groups of unlike size. */
function draws() {
  const { uniform, normal } = normals(3);
  const groups = [
    { n: 500, mean: [0, 0], root: [1, 0, 0.6, 0.5] },
    { n: 350, mean: [4, 3], root: [0.8, 0, -0.5, 0.7] },
    { n: 150, mean: [1, 5], root: [0.4, 0, 0, 0.4] },
  ];
  const rows = groups.flatMap(({ n, mean, root: [a, b, c, d] }) =>
    Array.from({ length: n }, () => {
      const [u, v] = [normal(), normal()];
      return [mean[0] + a * u + b * v, mean[1] + c * u + d * v].map((x) => Math.round(x * 1e6) / 1e6);
    }),
  );
  shuffle(rows, uniform);
  const description = `{'descr': '<f8', 'fortran_order': False, 'shape': (${rows.length}, 2), }`;
  const header = `${description.padEnd(128 - 10 - 1)}\n`;
  const bytes = Buffer.alloc(128 + 16 * rows.length);
  bytes.write("\x93NUMPY\x01\x00", "latin1");
  bytes.writeUInt16LE(header.length, 8);
  bytes.write(header, 10, "latin1");
  rows.flat().forEach((value, i) => bytes.writeDoubleLE(value, 128 + 8 * i));
  return bytes;
}

const compared =
  "king queen prince princess man woman boy girl father mother paris france berlin germany tokyo japan monday tuesday red green bread wine river mountain";
/** Words in groups that a map can find again. */
const grouped = `
  son daughter brother sister uncle aunt husband wife grandfather grandmother nephew lord lady duke emperor
  rome italy madrid spain london england moscow russia beijing china cairo egypt athens greece vienna austria ottawa canada delhi india oslo norway
  wednesday thursday friday saturday sunday january february march april may june july august september october november december
  blue yellow white black brown orange pink purple grey
  rice meat fish milk beer coffee tea sugar salt butter cheese fruit apple soup
  dog cat horse cow sheep pig lion tiger bird mouse elephant bear wolf chicken
  lake sea ocean forest hill valley island desert rain snow wind storm sun moon sky
  doctor nurse teacher student lawyer judge soldier farmer artist writer singer actor scientist engineer
  car bus train truck plane ship boat bicycle road bridge airport station
  one two three four five six seven eight nine ten hundred thousand million
  good bad better best worse worst big bigger biggest small smaller smallest fast faster slow slower high higher low lower
  walk walked walking run ran running go went going see saw seen write wrote written eat ate
  house home door window kitchen garden school university church hospital
  computer software internet phone data network machine science mathematics physics chemistry biology
  music song guitar piano film movie book poem football baseball tennis
  love hate happy sad angry fear hope peace war army weapon
  money bank market price trade company government president minister parliament law court
`;
const wordsInAll = 300;

/** The words to compare, as a list in an editor. */
function words() {
  return `# 24 words to compare\n${compared.split(" ").join("\n")}\n\n# king - man + woman\n`;
}

/** A half-precision number from its bits (IEEE 754). @param {number} bits */
function half(bits) {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

/** 300 of the built-in word vectors in GloVe's format, the frequent words first; four digits tell half precisions apart. */
function gloveSmall() {
  const folder = path.join(root, "media/models/word-vectors");
  const all = readFileSync(path.join(folder, "words.txt"), "utf8").trim().split("\n");
  const bytes = readFileSync(path.join(folder, "vectors.npy"));
  const start = 10 + bytes.readUInt16LE(8);
  const d = (bytes.length - start) / 2 / all.length;
  const chosen = new Set(`${compared} ${grouped}`.trim().split(/\s+/));
  for (const word of all) if (chosen.size < wordsInAll && word.length > 4) chosen.add(word);
  const numbers = (/** @type {number} */ row) =>
    Array.from({ length: d }, (_, j) => String(Number(half(bytes.readUInt16LE(start + 2 * (row * d + j))).toPrecision(4))));
  return all.flatMap((word, row) => (chosen.has(word) ? [`${word} ${numbers(row).join(" ")}\n`] : [])).join("");
}

/**
 * Attention of two layers of two heads, as others' programs save it: one head looks at the token before, one at what is near, one
 * from a pronoun to its noun, one at the first token. Each row is a softmax of its scores, rounded so that it sums to 1.
 */
function attention() {
  const tokens = ["The", " cat", " sat", " on", " the", " mat", " because", " it", " was", " tired"];
  const nouns = new Set([1, 5]);
  /** @type {((i: number, j: number) => number)[][]} */
  const heads = [
    [(i, j) => (j === i - 1 ? 4 : j === i ? 1 : 0), (i, j) => -0.7 * (i - j)],
    [(i, j) => (i === 7 && j === 1 ? 4 : i === 7 && j === 5 ? 2.5 : nouns.has(j) ? 1.5 : i === j ? 1 : 0), (i, j) => (j === 0 ? 3.5 : j === i ? 1 : 0)],
  ];
  const row = (/** @type {(i: number, j: number) => number} */ score, /** @type {number} */ i) => {
    const exps = tokens.map((_, j) => (j > i ? 0 : Math.exp(score(i, j))));
    const sum = exps.reduce((a, b) => a + b);
    const thousandths = exps.map((each) => Math.round((1000 * each) / sum));
    thousandths[exps.indexOf(Math.max(...exps))] += 1000 - thousandths.reduce((a, b) => a + b);
    return `[${thousandths.map((each) => each / 1000).join(", ")}]`;
  };
  const maps = heads.map((layer) => layer.map((score) => `[\n${tokens.map((_, i) => `      ${row(score, i)}`).join(",\n")}\n    ]`));
  return `{\n  "tokens": ${JSON.stringify(tokens).replaceAll(",", ", ")},\n  "attention": [\n${maps.map((layer) => `    [${layer.join(", ")}]`).join(",\n")}\n  ]\n}\n`;
}

/**
 * The made data files of samples/, by name. Those of real data are not made here: samples/README.md says where they are from.
 * @returns {Record<string, string | Buffer>}
 */
export function makeSamples() {
  return {
    "restarts.csv": restarts(),
    "latencies.json": latencies(),
    "training.jsonl": training(),
    "decimal-commas.csv": decimalCommas(),
    "lists.py": lists(),
    "notes.md": notes(),
    "draws.npy": draws(),
    "words.txt": words(),
    "one-hot.txt": "# Four words, no two of them alike: one-hot rows\n秃 头 小 苏\n",
    "glove-small.txt": gloveSmall(),
    "attention.json": attention(),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const [name, data] of Object.entries(makeSamples())) await writeFile(path.join(root, "samples", name), data);
}
