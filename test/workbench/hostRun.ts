import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { buildHostSuite } from "../../scripts/hostSuite.mjs";
import { startCodeServer } from "../../scripts/lib/codeServer.mjs";
import { root } from "../../scripts/lib/paths.mjs";
import { launchChromium } from "../support/chromium.js";
import type { HostResult } from "./host/index.js";

/** The page is routed, which makes its address count as a foreign network's; without these its sockets are closed. */
const routedPageFlags = [
  "--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets,BlockInsecurePrivateNetworkRequests",
];

export type HostRun = { readonly exitCode: number; readonly results: readonly HostResult[]; readonly log: string };

/**
 * Runs test/workbench/host in the extension host of a VS Code in the browser, on a copy of samples/, with the extension
 * loaded from this repository (build it first). The page asks VS Code for a test run the way VS Code's own tests do.
 */
export async function runInHost(limit = 900_000): Promise<HostRun> {
  const suite = await buildHostSuite();
  const home = await mkdtemp(path.join(os.tmpdir(), "lumen-host-"));
  const resultsFile = path.join(home, "results.json");
  const folder = path.join(home, "folder");
  await cp(path.join(root, "samples"), folder, { recursive: true });
  const { LUMEN_HOST_GREP } = process.env;
  const env = { LUMEN_HOST_RESULTS: resultsFile, ...(LUMEN_HOST_GREP ? { LUMEN_HOST_GREP } : {}) };
  const server = await startCodeServer({ home: path.join(home, "server"), folder, idle: true, env });
  const browser = await launchChromium(routedPageFlags);
  const log: string[] = [];
  try {
    const page = await browser.newPage();
    const ended = new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`No end of the test run after ${limit / 1000} s:\n${log.join("\n")}`)), limit);
      void page.exposeFunction("codeAutomationExit", (code: number) => {
        clearTimeout(timer);
        resolve(code);
      });
    });
    await page.exposeFunction("codeAutomationLog", (_type: string, args: unknown[]) => log.push(args.join(" ")));
    // A built workbench takes a test run only when its configuration says that it is driven.
    await page.route(`http://${server.address}/**`, async (route) => {
      if (route.request().resourceType() !== "document" || route.request().frame() !== page.mainFrame()) return route.fallback();
      const response = await route.fetch();
      const html = await response.text();
      const body = html.replace("&quot;developmentOptions&quot;:{", "$&&quot;enableSmokeTestDriver&quot;:true,");
      await route.fulfill({ response, body });
    });
    const remote = (file: string) => `vscode-remote://${server.address}${file}`;
    const payload = [
      ["extensionDevelopmentPath", remote(root)],
      ["extensionTestsPath", remote(suite)],
      ["skipWelcome", "true"],
    ];
    await page.goto(`${server.url}&payload=${encodeURIComponent(JSON.stringify(payload))}`, { waitUntil: "domcontentloaded" });
    const exitCode = await ended;
    const results: HostResult[] = existsSync(resultsFile) ? JSON.parse(await readFile(resultsFile, "utf8")) : [];
    return { exitCode, results, log: log.join("\n") };
  } finally {
    await browser.close();
    await server.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
