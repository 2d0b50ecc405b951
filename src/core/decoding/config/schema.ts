import { parameters } from "./table.js";
import type { Parameter } from "./parameter.js";

/**
 * A JSON schema of generation_config.json for VS Code's JSON support, derived from the table. It knows every name, and
 * says what lists hold. Names, words and numbers are proposed, explained and checked by Lumen itself, with remedies and
 * in the reader's language, so the schema neither proposes nor checks those: nothing is said twice.
 */
export function generationSchema(): object {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "generation_config.json (Hugging Face transformers)",
    type: "object",
    properties: Object.fromEntries(parameters.map((each) => [each.name, { ...shapeOf(each), doNotSuggest: true }])),
  };
}

function shapeOf({ types, items }: Parameter): object {
  return types.includes("list") && items ? { items } : {};
}
