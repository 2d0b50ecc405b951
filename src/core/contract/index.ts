export * from "./message.js";
export * from "./source.js";
export * from "./params.js";
export * from "./explainer.js";
