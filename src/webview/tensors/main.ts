import type { TensorPlace, TensorToView, ViewToTensor } from "../../core/protocol.js";
import { TensorEditor } from "./editor.js";

declare function acquireVsCodeApi(): {
  postMessage(message: ViewToTensor): void;
  getState(): TensorPlace | undefined;
  setState(state: TensorPlace): void;
};

const api = acquireVsCodeApi();
const editor = new TensorEditor(document.getElementById("root") ?? document.body, {
  post: (message) => api.postMessage(message),
  getState: () => api.getState(),
  setState: (state) => api.setState(state),
});

window.addEventListener("message", (event: MessageEvent<TensorToView>) => editor.receive(event.data));
window.addEventListener("error", (event) => editor.report(event.error ?? event.message));
window.addEventListener("unhandledrejection", (event) => editor.report(event.reason));
api.postMessage({ type: "ready" });
