/**
 * What reads configurations of models and of generation in JSON and Python: the second bundle, dist/languages.js, which is read
 * when the first document in one of these languages is there. The others import it by `configLanguages.ts`.
 */
export { paramsOfBlock, readBlocks, withParams, writtenParams } from "../../core/decoding/config/index.js";
export { readModelFile } from "../../core/models/shape/index.js";
export { registerGeneration } from "./generation.js";
export { registerModelConfig } from "./modelConfig.js";
