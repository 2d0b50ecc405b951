import { spawn } from "node:child_process";

const windows = process.platform === "win32";

/** Process groups that this process has started and that still run. They end with it, however it ends. */
const groups = new Map();

/**
 * Starts a command as the leader of its own process group, so that it and its children can be ended together.
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 */
export function startGroup(command, args, options = {}) {
  const child = spawn(command, args, { detached: !windows, ...options });
  if (child.pid !== undefined) groups.set(child.pid, child);
  child.once("exit", () => groups.delete(child.pid));
  return child;
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} name
 */
function signal(pid, name) {
  try {
    if (windows) spawn("taskkill", ["/pid", String(pid), "/t", "/f"], { stdio: "ignore" });
    else process.kill(-pid, name);
    return true;
  } catch {
    return false; // ended already
  }
}

/** Whether any process of the group is left. @param {number} pid */
function alive(pid) {
  try {
    process.kill(windows ? pid : -pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Ends a group: asks, waits up to three seconds, then kills. The leader may be gone while its children are not.
 * @param {import("node:child_process").ChildProcess} child
 */
export async function endGroup(child) {
  const pid = child.pid;
  if (pid === undefined) return;
  signal(pid, "SIGTERM");
  for (let waited = 0; waited < 3000 && alive(pid); waited += 50) await new Promise((done) => setTimeout(done, 50));
  if (alive(pid)) signal(pid, "SIGKILL");
  groups.delete(pid);
}

/**
 * Ends all groups before this process exits, so without the event loop: asks, since a group's leader may have groups of
 * its own to end, and kills what is left after a second.
 */
function endAll() {
  const pids = [...groups.keys()];
  groups.clear();
  for (const pid of pids) signal(pid, "SIGTERM");
  const tick = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; waited < 1000 && pids.some(alive); waited += 50) Atomics.wait(tick, 0, 0, 50);
  for (const pid of pids.filter(alive)) signal(pid, "SIGKILL");
}

process.once("exit", endAll);
process.once("disconnect", endAll); // a test runner's child whose parent is gone
for (const name of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(name, () => {
    endAll(); // not left to "exit": a test runner keeps its children from exiting by themselves
    process.exit(name === "SIGINT" ? 130 : 143);
  });
}

/**
 * Runs a command to its end and returns its exit code and, where asked for, its output.
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean}} [options] quiet: collect the output instead of showing it
 * @returns {Promise<{code: number, output: string}>}
 */
export function run(command, args, { cwd, env, quiet = false } = {}) {
  return new Promise((resolve) => {
    const target = quiet ? "pipe" : "inherit";
    const child = startGroup(command, args, { cwd, env: env ?? process.env, stdio: ["ignore", target, target], shell: windows });
    let output = "";
    child.stdout?.on("data", (text) => (output += text));
    child.stderr?.on("data", (text) => (output += text));
    child.once("error", (error) => resolve({ code: 127, output: output + error.message }));
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
