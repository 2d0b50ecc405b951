import { spawn } from "node:child_process";

/** Shows an address in the person's browser, where there is a screen to show it on. Returns whether it tried. @param {string} url */
export function openBrowser(url) {
  const { platform, env } = process;
  if (env.CI) return false;
  if (platform === "linux" && !env.DISPLAY && !env.WAYLAND_DISPLAY) return false;
  const [command, ...args] =
    platform === "darwin" ? ["open", url] : platform === "win32" ? ["cmd", "/c", "start", "", url.replaceAll("&", "^&")] : ["xdg-open", url];
  const child = spawn(command, args, { detached: true, stdio: "ignore" });
  child.on("error", () => {}); // the address has been printed, that is enough
  child.unref();
  return true;
}
