import type { HostToView, ViewState, ViewToHost } from "../core/protocol.js";
import { Shell } from "./shell.js";

declare function acquireVsCodeApi(): {
  postMessage(message: ViewToHost): void;
  getState(): ViewState | undefined;
  setState(state: ViewState): void;
};

const api = acquireVsCodeApi();
const shell = new Shell(document.getElementById("root") ?? document.body, {
  post: (message) => api.postMessage(message),
  getState: () => api.getState(),
  setState: (state) => api.setState(state),
});

window.addEventListener("message", (event: MessageEvent<HostToView>) => shell.receive(event.data));
window.addEventListener("error", (event) => shell.report(event.error ?? event.message));
window.addEventListener("unhandledrejection", (event) => shell.report(event.reason));
api.postMessage({ type: "ready" });
