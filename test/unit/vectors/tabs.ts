import { vectorParams, type Tab } from "../../../src/core/vectors/params.js";

/** Every tab of a panel of vectors. */
export const tabs: readonly Tab[] = vectorParams.tab.options.map(({ value }) => value);
