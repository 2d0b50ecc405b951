import { mkdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { ensureCodeServer } from "./install.mjs";
import { nodePath, toolEnv } from "./paths.mjs";
import { endGroup, run, startGroup } from "./processes.mjs";

/** Settings that keep VS Code's own guests off the screen. */
const calmSettings = {
  "chat.disableAIFeatures": true,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  // As on a desktop; in a browser VS Code saves by itself, after a second.
  "files.autoSave": "off",
  "workbench.tips.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.ignoreRecommendations": true,
  "extensions.autoUpdate": false,
  "git.enabled": false,
  "security.workspace.trust.enabled": false,
};

/** A port of the loopback interface that is free now. @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address && typeof address === "object" ? resolve(address.port) : reject(new Error("No free port."))));
    });
  });
}

/**
 * Starts VS Code in the browser (code-server) with its own settings and extensions.
 * @param {object} options
 * @param {string} options.home folder for settings, state and extensions; emptied unless `keep`
 * @param {string} options.folder the workspace to open
 * @param {string} [options.vsix] a packaged extension to install first
 * @param {Record<string, unknown>} [options.settings] user settings beside the calm ones
 * @param {boolean} [options.keep] keep what an earlier start has left in `home`
 * @param {boolean} [options.idle] end by itself a while after the last window is closed, should nobody stop it
 * @param {NodeJS.ProcessEnv} [options.env] for the server and so for its extension hosts
 * @returns {Promise<{url: string, address: string, pid: number, output: () => string, stop: () => Promise<void>, ended: Promise<void>}>}
 */
export async function startCodeServer({ home, folder, vsix, settings = {}, keep = false, idle = false, env = {} }) {
  const server = await ensureCodeServer();
  if (!keep) await rm(home, { recursive: true, force: true });
  const userData = path.join(home, "data");
  const places = ["--user-data-dir", userData, "--extensions-dir", path.join(home, "extensions")];
  await mkdir(path.join(userData, "User"), { recursive: true });
  const settingsFile = path.join(userData, "User", "settings.json");
  await writeFile(settingsFile, JSON.stringify({ ...calmSettings, ...settings }, null, 2));
  // A code-server that is started from a terminal of VS Code would talk to that one instead of being a server itself.
  const serverEnv = toolEnv({ ...env, VSCODE_IPC_HOOK_CLI: undefined, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home });
  if (vsix) {
    const { code, output } = await run(nodePath(), [server, ...places, "--install-extension", vsix], { env: serverEnv, quiet: true });
    if (code !== 0) throw new Error(`The extension was not installed:\n${output}`);
  }
  const address = `127.0.0.1:${await freePort()}`;
  const flags = ["--auth", "none", "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"];
  if (idle) flags.push("--idle-timeout-seconds", "120");
  const args = [server, "--bind-addr", address, ...flags, ...places, folder];
  const child = startGroup(nodePath(), args, { env: serverEnv, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => child.once("close", () => resolve()));
  /** @type {Promise<void>} */
  const ready = new Promise((resolve, reject) => {
    const read = (/** @type {Buffer} */ text) => {
      output += text.toString();
      if (output.includes("HTTP server listening")) resolve();
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    void ended.then(() => reject(new Error(`code-server ended:\n${output}`)));
    setTimeout(() => reject(new Error(`code-server did not start within two minutes:\n${output}`)), 120_000).unref();
  });
  const stop = () => endGroup(child);
  await ready.catch(async (error) => {
    await stop();
    throw error;
  });
  const url = `http://${address}/?folder=${encodeURIComponent(folder)}`;
  return { url, address, pid: child.pid ?? 0, output: () => output, stop, ended };
}

/** What Chromium needs on a machine without a display, a sandbox or an open network. */
export const chromiumFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
