import { msg, type Problem, type Progress } from "../contract/index.js";
import { seededRandom } from "../math/random.js";
import { evenScores, NAMED_FROM, repeatedTokens, roleOf, rolePlaces, roleScores, type RoleScores } from "./headRoles.js";
import type { Reading } from "./reading.js";
import type { HeadScores, Role, RolesPart, RolesSeen } from "./trace.js";

export const ROLES: readonly Role[] = ["previous", "first", "self", "same", "induction"];
/** Ids that random tokens are drawn from, at least. */
const LEAST = 4;

const known = new WeakMap<Float32Array, { readonly key: string; readonly part: RolesPart }>();

/** What each head does on the text, and on random tokens that come twice, where no meaning guides it. */
export function* rolesOf(reading: Reading, repeatLength: number, seed: number, notes: Problem[]): Generator<Progress, RolesPart, void> {
  const { vocabulary, layers, heads } = reading;
  const length = Math.min(repeatLength, Math.floor(vocabulary.contextLength / 2));
  if (length < repeatLength) notes.push({ severity: "info", message: msg("The model reads {0} tokens, so that {1} random tokens are repeated instead of {2}.", vocabulary.contextLength, length, repeatLength) });
  const key = `${length} ${seed}`;
  const kept = known.get(reading.states(0));
  const part = kept?.key === key ? kept.part : yield* compute();
  known.set(reading.states(0), { key, part });
  return { ...part, here: copy(part.here), random: part.random && copy(part.random) };

  function* compute(): Generator<Progress, RolesPart, void> {
    const here = yield* seen(reading);
    const ids = vocabulary.ordinary();
    const random = ids.length >= LEAST && length >= 2 ? yield* seen(yield* reading.again(Array.from(repeatedTokens(seededRandom(seed), ids, length)))) : null;
    const named = Array.from({ length: layers * heads }, (_, i) => i).flatMap((i) =>
      [{ where: "random" as const, found: random }, { where: "here" as const, found: here }].flatMap(({ where, found }) => {
        const role = found && roleOf(scoresAt(found.scores, i), found.even);
        return role ? [{ layer: Math.floor(i / heads), head: i % heads, ...role, where }] : [];
      }));
    return { here, random, repeatLength: length, threshold: NAMED_FROM, named };
  }
}

/** The scores of all heads on a text. */
function* seen(reading: Reading): Generator<Progress, RolesSeen, void> {
  const { layers, heads, causal, tokens: { ids, visible } } = reading;
  const places = rolePlaces(ids, causal, visible);
  const scores = Object.fromEntries(ROLES.map((role) => [role, new Float64Array(layers * heads)])) as { [R in Role]: Float64Array };
  for (let i = 0; i < layers * heads; i++) {
    const found = roleScores(reading.weights(Math.floor(i / heads), i % heads), places);
    for (const role of ROLES) scores[role][i] = found[role];
    yield { fraction: (i + 1) / (layers * heads), message: msg("Telling what heads do") };
  }
  return { scores, even: evenScores(ids, causal, visible) };
}

/** The scores of one head. */
function scoresAt(scores: HeadScores, index: number): RoleScores {
  return { previous: scores.previous[index], first: scores.first[index], self: scores.self[index], same: scores.same[index], induction: scores.induction[index] };
}

function copy({ scores, even }: RolesSeen): RolesSeen {
  return { scores: { previous: scores.previous.slice(), first: scores.first.slice(), self: scores.self.slice(), same: scores.same.slice(), induction: scores.induction.slice() }, even };
}
