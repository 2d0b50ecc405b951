import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { cache, root, toolEnv } from "./paths.mjs";
import { run } from "./processes.mjs";

/** The release that carries the same workbench as desktop VS Code 1.139. */
const codeServerVersion = "4.139.1";
const codeServerFolder = path.join(cache, "code-server");
const codeServerModules = ["@vscode/spdlog", "node-pty", "@vscode/native-watchdog", "@parcel/watcher", "@vscode/fs-copyfile", "@vscode/deviceid"];

/** @param {string} file */
const readJson = async (file) => JSON.parse(await readFile(file, "utf8"));

/**
 * Runs a step and shows its output only when it fails.
 * @param {string} what
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} [env]
 */
async function step(what, command, args, cwd, env = toolEnv()) {
  console.log(`${what} …`);
  const { code, output } = await run(command, args, { cwd, env, quiet: true });
  if (code !== 0) throw new Error(`${what} failed (${command} ${args.join(" ")}):\n${output.trim().split("\n").slice(-30).join("\n")}`);
}

/** Whether node_modules holds what package-lock.json asks for. Packages for other platforms may be missing. */
async function modulesCurrent() {
  const installed = path.join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  const [wanted, found] = await Promise.all([readJson(path.join(root, "package-lock.json")), readJson(installed)]);
  return Object.entries(wanted.packages).every(
    ([name, entry]) => name === "" || entry.optional || found.packages[name]?.version === entry.version,
  );
}

/** Installs the packages of package-lock.json where they are missing or of another version. */
export async function ensureModules() {
  if (await modulesCurrent()) return;
  // npm must not run on the Node of the node_modules that it is about to empty.
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => !folder.startsWith(root));
  const env = { ...process.env, PATH: folders.join(path.delimiter) };
  await step("Installing packages", "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], root, env);
}

/** Installs code-server into the cache where it is missing, and returns its folder. About a minute and 750 MB. */
export async function ensureCodeServer() {
  const folder = path.join(codeServerFolder, "node_modules", "code-server");
  const stamp = path.join(codeServerFolder, "installed.json");
  if (existsSync(stamp) && (await readJson(stamp)).version === codeServerVersion) return folder;
  await rm(codeServerFolder, { recursive: true, force: true });
  await mkdir(codeServerFolder, { recursive: true });
  await writeFile(path.join(codeServerFolder, "package.json"), '{ "private": true }\n');
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  await step("Installing code-server", "npm", ["install", `code-server@${codeServerVersion}`, ...quiet], codeServerFolder);
  // Its own post-install wants Kerberos headers; what VS Code needs here is installed and built by hand instead.
  const vscode = path.join(folder, "lib", "vscode");
  await step("Installing the packages of code-server", "npm", ["install", "--omit=dev", ...quiet], vscode);
  await step("Building the native modules of code-server", "npm", ["rebuild", ...codeServerModules], vscode);
  await writeFile(stamp, JSON.stringify({ version: codeServerVersion }));
  return folder;
}

const chromiumPlaces = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/opt/google/chrome/chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

/** The Chromium or Chrome of this machine: LUMEN_CHROMIUM, else the first in the usual places, else undefined. */
export function findChromium() {
  const asked = process.env.LUMEN_CHROMIUM;
  if (asked) {
    if (!existsSync(asked)) throw new Error(`LUMEN_CHROMIUM names ${asked}, which does not exist.`);
    return asked;
  }
  return chromiumPlaces.find((file) => existsSync(file));
}

/** Runs apt-get as root, directly or by a sudo that asks nothing. @param {string[]} args */
async function apt(args) {
  const asRoot = process.getuid?.() === 0;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const all = ["-o", "DPkg::Lock::Timeout=300", ...args];
  return asRoot
    ? run("apt-get", all, { env, quiet: true })
    : run("sudo", ["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...all], { env, quiet: true });
}

/** Returns a Chromium, installing Debian's where there is none. Chinese fonts come along where they can. */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (existsSync("/usr/bin/apt-get")) {
    console.log("Installing Chromium …");
    await apt(["update"]);
    const { code, output } = await apt(["install", "-y", "chromium"]);
    if (code !== 0) console.error(output.trim().split("\n").slice(-10).join("\n"));
    else await apt(["install", "-y", "--no-install-recommends", "fonts-noto-cjk"]);
  }
  const installed = findChromium();
  if (installed) return installed;
  throw new Error("No Chromium or Chrome was found. Install one, or name its program in LUMEN_CHROMIUM.");
}
