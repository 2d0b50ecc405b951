import { msg } from "../contract/index.js";
import { SourceFault } from "../formats/tensorSource.js";
import { activationNames, activationOf } from "./activation.js";

/**
 * A model's config.json, read value by value. What is missing or does not fit is a fault that names it.
 * @throws SourceFault from every method that takes a value
 */
export class ModelConfig {
  constructor(
    private readonly values: Readonly<Record<string, unknown>>,
    private readonly file: string,
  ) {}

  /** A whole number of at least 0; `otherwise` where it is absent or null. */
  int(name: string, otherwise?: number): number {
    const value = this.number(name, otherwise);
    if (Number.isInteger(value) && value >= 0 && (value > 0 || otherwise === 0)) return value;
    throw new SourceFault(msg("{0} says {1} = {2}, which should be a whole number above 0. Correct it, or copy the file again.", this.file, name, value));
  }

  number(name: string, otherwise?: number): number {
    const value = this.values[name] ?? otherwise;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    if (value === undefined) throw new SourceFault(msg("{0} lacks {1}. Copy the file again from the model's page.", this.file, name));
    throw new SourceFault(msg("{0} says {1} = {2}, which should be a number. Correct it, or copy the file again.", this.file, name, String(JSON.stringify(value))));
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.values[name];
    return typeof value === "boolean" ? value : otherwise;
  }

  text(name: string, otherwise: string): string {
    const value = this.values[name];
    return typeof value === "string" ? value : otherwise;
  }

  /** An object within; undefined where there is none. */
  section(name: string): ModelConfig | undefined {
    const value = this.values[name];
    return typeof value === "object" && value !== null && !Array.isArray(value) ? new ModelConfig(value as Readonly<Record<string, unknown>>, this.file) : undefined;
  }

  isEmpty(): boolean {
    return Object.keys(this.values).length === 0;
  }

  /** One id or several. */
  ids(name: string): readonly number[] {
    const value = this.values[name];
    return (Array.isArray(value) ? value : [value]).filter((id) => Number.isInteger(id));
  }

  /** The name of an activation that is known. */
  activation(name: string, otherwise: string): string {
    const value = this.text(name, otherwise);
    if (activationOf(value)) return value;
    throw new SourceFault(msg("{0} names the activation {1}, which Lumen does not know. It knows: {2}.", this.file, value, activationNames.join(", ")));
  }

  /** Refuses every value but one; absent is right too. */
  only(name: string, value: string): void {
    const found = this.text(name, value);
    if (found !== value) throw new SourceFault(msg("{0} says {1} = {2}, which Lumen can't run. It runs {3}.", this.file, name, found, value));
  }

  headSize(width: number, heads: number): number {
    if (width % heads === 0) return width / heads;
    throw new SourceFault(msg("{0} has a width of {1} for {2} heads, which does not divide. Correct it, or copy the file again.", this.file, width, heads));
  }

  multiple(name: string, value: number, of: string, divisor: number): void {
    if (value % divisor === 0) return;
    throw new SourceFault(msg("{0} has {1} = {2}, which is no multiple of {3} = {4}. Correct it, or copy the file again.", this.file, name, value, of, divisor));
  }

  refuseRope(kind: string, known: readonly string[]): never {
    throw new SourceFault(msg("{0} scales its rotary positions by {1}, which Lumen does not know. It knows: {2}.", this.file, kind, known.join(", ")));
  }
}
