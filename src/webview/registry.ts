import { msg, type Message, type ParamSchema } from "../core/contract/index.js";
import { mixtureParams } from "../core/mixture/params.js";
import type { ExplainerId, TraceOf } from "../core/registry.js";
import { mixture } from "./mixture/view.js";
import type { View } from "./view.js";

/** A view for every explainer: a forgotten one does not compile. */
export const views: { readonly [K in ExplainerId]: View<TraceOf<K>> } = { mixture };

/** What the form is made from. */
export const schemas: { readonly [K in ExplainerId]: ParamSchema } = { mixture: mixtureParams };

/** What an empty panel says. */
export const invitations: { readonly [K in ExplainerId]: { readonly title: Message; readonly hint: Message } } = {
  mixture: {
    title: msg("Select numbers, then “Fit GMM to Selection”"),
    hint: msg("A column of a CSV, a JSON array, a numpy print: eight numbers or more."),
  },
};

/** Whether an explainer of this name exists here. */
export function isKnown(id: string): id is ExplainerId {
  return Object.hasOwn(views, id);
}
