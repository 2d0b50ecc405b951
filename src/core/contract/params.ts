import { msg, type Message } from "./message.js";

/**
 * A parameter, declared once: the form, the validation, the defaults and the type of its value all come from here.
 * `label` is the field's standard parameter name and is never translated; `help` is a sentence.
 */
type Common = {
  readonly label: string;
  readonly help: Message;
  readonly group?: Message;
  readonly advanced?: boolean;
  /** Set by the view itself, so that the form and its summary leave it out. */
  readonly hidden?: boolean;
};
export type IntParam = Common & { readonly kind: "int"; readonly min: number; readonly max: number; readonly default: number };
export type NumberParam = Common & {
  readonly kind: "number";
  readonly min: number;
  readonly max: number;
  readonly default: number;
  /** The slider's and the spinner's scale. */
  readonly scale?: "linear" | "log";
  /** Values beyond the slider that are let through, since the run has better advice for them than their range. */
  readonly accepts?: { readonly min: number; readonly max: number };
};
export type ChoiceParam<V extends string = string> = Common & {
  readonly kind: "choice";
  readonly options: readonly { readonly value: V; readonly label: Message; readonly help?: Message }[];
  readonly default: V;
};
export type BooleanParam = Common & { readonly kind: "boolean"; readonly default: boolean };
/** A line of the reader's own, at most `maxLength` UTF-16 units. */
export type TextParam = Common & { readonly kind: "text"; readonly default: string; readonly maxLength: number };
/** Names of the table's columns; empty means those that core preselects. */
export type ColumnsParam = Common & { readonly kind: "columns"; readonly default: readonly string[] };
/** Columns computed by an expression over others. */
export type ComputedParam = Common & { readonly kind: "computed"; readonly default: readonly Computed[] };
export type Computed = { readonly name: string; readonly expression: string };
/** Rows of numbers set by the picture, not by the form (means that the reader drags); empty means none. */
export type RowsParam = Common & { readonly kind: "rows"; readonly default: readonly (readonly number[])[] };

export type Param =
  | IntParam
  | NumberParam
  | ChoiceParam
  | BooleanParam
  | TextParam
  | ColumnsParam
  | ComputedParam
  | RowsParam;
export type ParamSchema = { readonly [name: string]: Param };

export type ValueOf<P extends Param> = P extends { kind: "int" | "number" }
  ? number
  : P extends { kind: "choice"; options: readonly { readonly value: infer V }[] }
    ? V
    : P extends { kind: "boolean" }
      ? boolean
      : P extends { kind: "text" }
        ? string
        : P extends { kind: "columns" }
          ? readonly string[]
          : P extends { kind: "computed" }
            ? readonly Computed[]
            : readonly (readonly number[])[];
/** The values of a schema: `ParamsOf<S>["covariance_type"]` is `"full" | "tied" | …`. */
export type ParamsOf<S extends ParamSchema> = { readonly [K in keyof S]: ValueOf<S[K]> };

/** The defaults of a schema. */
export function defaultsOf<S extends ParamSchema>(schema: S): ParamsOf<S> {
  return Object.fromEntries(Object.entries(schema).map(([name, param]) => [name, param.default])) as ParamsOf<S>;
}

/**
 * Checks values that came from a message, a saved state or a setting. Unknown names are ignored, missing ones take
 * their defaults; a value out of range or of another kind is a problem that names the parameter and its range.
 */
export function checkParams<S extends ParamSchema>(
  schema: S,
  values: Readonly<Record<string, unknown>>,
): { readonly params: ParamsOf<S>; readonly problems: readonly Message[] } {
  const problems: Message[] = [];
  const params: Record<string, unknown> = {};
  for (const [name, param] of Object.entries(schema)) {
    const value = values[name];
    if (value === undefined) params[name] = param.default;
    else {
      const problem = checkValue(param, value);
      if (problem) problems.push(problem);
      params[name] = problem ? param.default : value;
    }
  }
  return { params: params as ParamsOf<S>, problems };
}

/** What is wrong with a value, or undefined when it fits. */
export function checkValue(param: Param, value: unknown): Message | undefined {
  switch (param.kind) {
    case "int":
      if (typeof value === "number" && Number.isInteger(value) && value >= param.min && value <= param.max) return undefined;
      return msg("{0} must be a whole number from {1} to {2}.", param.label, param.min, param.max);
    case "number":
      if (typeof value === "number" && value >= (param.accepts ?? param).min && value <= (param.accepts ?? param).max) return undefined;
      return msg("{0} must be a number from {1} to {2}.", param.label, param.min, param.max);
    case "choice":
      if (param.options.some((option) => option.value === value)) return undefined;
      return msg("{0} must be one of: {1}.", param.label, param.options.map((option) => option.value).join(", "));
    case "boolean":
      return typeof value === "boolean" ? undefined : msg("{0} must be true or false.", param.label);
    case "text":
      if (typeof value === "string" && value.length <= param.maxLength) return undefined;
      return msg("{0} must be text of at most {1} characters.", param.label, param.maxLength);
    case "columns":
      return isArrayOf(value, (v) => typeof v === "string") ? undefined : msg("{0} must be a list of column names.", param.label);
    case "computed":
      return isArrayOf(value, isComputed) ? undefined : msg("{0} must be a list of names with expressions.", param.label);
    case "rows":
      return isArrayOf(value, (row) => isArrayOf(row, (v) => typeof v === "number"))
        ? undefined
        : msg("{0} must be rows of numbers.", param.label);
  }
}

function isArrayOf(value: unknown, test: (element: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(test);
}

function isComputed(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { name, expression } = value as Record<string, unknown>;
  return typeof name === "string" && typeof expression === "string";
}
