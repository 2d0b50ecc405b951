import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** Everything that is installed or written by scripts and may be deleted at any time; git ignores it. */
export const cache = path.join(root, ".cache");

const bin = path.join(root, "node_modules", ".bin");

/** The Node to run tools with: the one of node_modules where it is there, else this one. */
export function nodePath() {
  const file = path.join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  return existsSync(file) ? file : process.execPath;
}

/** The environment for tools: node_modules/.bin first, so that `node` is Node 24. @param {NodeJS.ProcessEnv} [extra] */
export function toolEnv(extra = {}) {
  return { ...process.env, PATH: [bin, process.env.PATH].join(path.delimiter), ...extra };
}

/** A tool of node_modules/.bin, by name. @param {string} name */
export const tool = (name) => path.join(bin, process.platform === "win32" ? `${name}.cmd` : name);
