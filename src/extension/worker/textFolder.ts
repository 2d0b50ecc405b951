import { readdirSync, statSync, type Dirent } from "node:fs";
import path from "node:path";
import { msg, type ByteSource, type FilesSource, type Fix, type LeftOut, type Message, type Parsed, type Progress } from "../../core/contract/index.js";
import { endingOf, isTextFile } from "../../core/models/ngram/isTextFile.js";
import type { FolderSpec } from "../../core/protocol.js";
import type { OpenFile } from "./files.js";
import { hidesAny } from "./globs.js";

/** Never the reader's own words. */
const notOwn = new Set(["node_modules", ".git"]);
/** More than so many are no folder of texts, but a disk. */
const mostFiles = 20_000;
const mostEntries = 500_000;
const endingsNamed = 4;

/**
 * The texts of a folder and of those within it, found in short steps. Files are opened one at a time, as they are read.
 * @param openFile throws a `FileError` when it can't be opened
 */
export function textFolder(spec: FolderSpec, openFile: (file: string, name: string) => OpenFile): { list(): Generator<Progress, Parsed<FilesSource>, void>; close(): void } {
  let open: { readonly name: string; readonly file: OpenFile } | undefined;
  const close = () => {
    open?.file.close();
    open = undefined;
  };
  const sourceOf = (name: string, size: number): ByteSource => ({
    size,
    read(offset, length, into) {
      if (open?.name !== name) {
        close();
        open = { name, file: openFile(path.join(spec.path, name), name) };
      }
      return open.file.read(offset, length, into);
    },
  });
  return { list: () => walk(spec, sourceOf), close };
}

function* walk({ uri, name, path: root, hidden, below }: FolderSpec, sourceOf: (name: string, size: number) => ByteSource): Generator<Progress, Parsed<FilesSource>, void> {
  const hides = hidesAny(hidden);
  const files = new Map<string, ByteSource>();
  const others = new Map<string, number>(); // by ending
  const left = { hidden: 0, own: 0, links: 0, closed: 0 };
  const waiting = [""];
  let entries = 0;
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const found = list(path.join(root, folder));
    if (!found) {
      if (folder === "") return refused(msg("The folder {0} is not there any more, or may not be opened. Choose another one.", name));
      left.closed++;
      continue;
    }
    const beside = new Set(found.map((entry) => entry.name));
    const folders: string[] = [];
    for (const entry of found) {
      entries++;
      if (entries % 256 === 0) yield { fraction: NaN, message: msg("Looking for texts in {0}: {1} found", name, files.size) };
      const own = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (hides(below === "" ? own : `${below}/${own}`, beside)) left.hidden++;
      else if (entry.isSymbolicLink()) left.links++;
      else if (entry.isDirectory()) {
        if (notOwn.has(entry.name)) left.own++;
        else folders.push(own);
      } else if (!isTextFile(entry.name)) others.set(endingOf(entry.name), (others.get(endingOf(entry.name)) ?? 0) + 1);
      else {
        const size = sizeOf(path.join(root, own));
        if (size === undefined) left.closed++;
        else files.set(own, sourceOf(own, size));
      }
    }
    // The last one is walked first: so they come in the order of their names.
    waiting.push(...folders.reverse());
    if (files.size > mostFiles) return refused(msg("{0} has more than {1} files of text, which is more than is counted. Choose a folder within it.", name, mostFiles.toLocaleString("en-US")));
    if (entries > mostEntries) return refused(msg("{0} has more than {1} files and folders, which is more than is looked through. Choose a folder within it.", name, mostEntries.toLocaleString("en-US")));
    yield { fraction: NaN, message: msg("Looking for texts in {0}: {1} found", name, files.size) };
  }
  return { ok: true, input: { kind: "files", uri, name, files, left: reasonsOf(left, others) }, problems: [] };
}

/** What a folder holds, by name; undefined when it can't be opened. */
function list(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return undefined;
  }
}

function sizeOf(file: string): number | undefined {
  try {
    return statSync(file).size;
  } catch {
    return undefined;
  }
}

function reasonsOf(left: { readonly hidden: number; readonly own: number; readonly links: number; readonly closed: number }, others: ReadonlyMap<string, number>): LeftOut[] {
  const named = [...others].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([ending]) => (ending === "" ? "–" : `.${ending}`));
  const shown = named.slice(0, endingsNamed).join(" ") + (named.length > endingsNamed ? " …" : "");
  const all: LeftOut[] = [
    { count: [...others.values()].reduce((sum, count) => sum + count, 0), reason: msg("of other kinds ({0})", shown) },
    { count: left.hidden, reason: msg("hidden by files.exclude") },
    { count: left.own, reason: msg("node_modules or .git") },
    { count: left.links, reason: msg("linked") },
    { count: left.closed, reason: msg("unreadable") },
  ];
  return all.filter(({ count }) => count > 0);
}

/** The remedies of a folder that can't be counted. */
const otherFolder: readonly Fix[] = [
  { label: msg("Choose another folder…"), params: {}, choose: "textFolder" },
  { label: msg("Use the language model"), params: { source: "model" } },
];

function refused(message: Message): Parsed<FilesSource> {
  return { ok: false, problems: [{ severity: "error", title: msg("The folder is not counted"), message, fixes: otherFolder }] };
}

