import { existsSync } from "node:fs";
import path from "node:path";
import { openBrowser } from "./lib/browser.mjs";
import { startCodeServer } from "./lib/codeServer.mjs";
import { ensureChromium, ensureCodeServer, ensureModules } from "./lib/install.mjs";
import { cache, nodePath, root, toolEnv } from "./lib/paths.mjs";
import { run, startGroup } from "./lib/processes.mjs";

/**
 * `npm start`: installs what is missing, builds, and opens VS Code on samples/ with Lumen loaded.
 * `npm start -- --check`: the same without a screen: fits the first sample, writes a picture, exits with 0 or 1.
 * Until ensureModules() has run there is nothing but Node itself, so all packages are used through other programs.
 */
const samples = path.join(root, "samples");
const firstSample = path.join(samples, "em1d.csv");
const vsix = path.join(root, "lumen.vsix");

/** The desktop VS Code on the PATH. Inside a remote or browser VS Code, `code` is only a messenger and does not count. */
function desktopCode() {
  if (process.env.VSCODE_IPC_HOOK_CLI) return undefined;
  const names = process.platform === "win32" ? ["code.cmd"] : ["code"];
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name))).find((file) => existsSync(file));
}

/** @param {string[]} args of Node 24 */
async function script(args) {
  const { code } = await run(nodePath(), args, { cwd: root, env: toolEnv() });
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}.`);
}

function explain() {
  console.log("\nTo fit the first sample: select its text (Ctrl+A), right-click, Lumen > Fit GMM to Selection.");
}

/** @param {string} code */
async function openDesktop(code) {
  await script(["esbuild.mjs"]);
  explain();
  const args = [`--extensionDevelopmentPath=${root}`, "--new-window", samples, firstSample];
  const child = startGroup(code, args, { stdio: "inherit", shell: process.platform === "win32" });
  await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
}

async function openInBrowser() {
  await Promise.all([script(["scripts/package.mjs"]), ensureCodeServer()]);
  const server = await startCodeServer({ home: path.join(cache, "start"), folder: samples, vsix, keep: true });
  const file = `vscode-remote://${server.address}${firstSample}`;
  const url = `${server.url}&payload=${encodeURIComponent(JSON.stringify([["openFile", file]]))}`;
  console.log(`\nVS Code with Lumen: ${url}`);
  explain();
  console.log("Ctrl-C ends it.");
  openBrowser(url);
  await server.ended;
}

async function check() {
  await Promise.all([script(["scripts/package.mjs"]), ensureCodeServer(), ensureChromium()]);
  await script(["scripts/runTs.mjs", "test/workbench/startCheck.ts"]);
}

async function main() {
  await ensureModules();
  const code = desktopCode();
  if (process.argv.includes("--check")) await check();
  else if (code) await openDesktop(code);
  else await openInBrowser();
}

await main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
