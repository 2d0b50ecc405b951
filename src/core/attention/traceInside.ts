/** What happens to a text between the embedding and the next token. n tokens without padding. */
export type InsidePart = {
  /** What the stream says behind each layer, 0 the embedding, read through the last norm and the output matrix; null where there is no such matrix. */
  readonly lens: LensPart | null;
  readonly names: readonly (readonly [number, string])[];
  /** Lengths of the residual stream, and of what attention and the MLP add to it. */
  readonly stream: Float64Array; // [L + 1, n]
  readonly attention: Float64Array; // [L, n]
  readonly mlp: Float64Array; // [L, n]
  /** Mean and standard deviation that each norm takes out, by token; means are 0 where a norm takes none out. */
  readonly norms: readonly { readonly layer: number; readonly at: "attention" | "mlp" | "last"; readonly mean: Float64Array; readonly deviation: Float64Array }[];
  readonly roles: RolesPart;
  /** A greedy text that goes on from here, and by how much each head pulls towards its tokens; null for encoders. */
  readonly pulls: PullsPart | null;
};

export type LensPart = {
  readonly listed: number; // N
  /** Places [from, from + count) of the text are read. */
  readonly from: number;
  readonly count: number; // C
  /** The N likeliest tokens at each place. */
  readonly ids: Int32Array; // [L + 1, C, N]
  readonly probability: Float64Array; // the same
  readonly entropy: Float64Array; // [L + 1, C] bits
  /** What the text has: the next token, or for an encoder the token in this very place; −1 where the text ends. */
  readonly target: Int32Array; // [C]
  /** Its rank, from 1, and its probability; 0 and NaN where there is none. */
  readonly rank: Int32Array; // [L + 1, C]
  readonly chance: Float64Array; // [L + 1, C]
};

/** What each head does, here and on random tokens that are repeated. */
export type RolesPart = {
  readonly here: RolesSeen;
  /** Null where the model reads too few tokens, or knows too few. */
  readonly random: RolesSeen | null;
  /** Random tokens of a round, of which there are two. */
  readonly repeatLength: number;
  /** A score from which on, and from twice the even head's on, a head is called by a role. */
  readonly threshold: number;
  readonly named: readonly { readonly layer: number; readonly head: number; readonly role: Role; readonly score: number; readonly where: "here" | "random" }[];
};
/** Scores of all heads [L, H], and those of a head that attends evenly. */
export type RolesSeen = { readonly scores: HeadScores; readonly even: { readonly [R in Role]: number } };

export type PullsPart = {
  readonly ids: Int32Array; // [S] new tokens
  readonly pieces: readonly string[]; // [S]
  /** Tokens in front of the first new one. */
  readonly before: number;
  readonly repeated: Uint8Array; // [S] 1 where an n-gram (4) ends that occurred before
  /** What each head's output adds to the chosen token's logit, less its mean over the vocabulary, with the last norm's deviation held. */
  readonly heads: Float64Array; // [S, L, H]
  /** How much of its attention each head puts on earlier tokens that equal the chosen one. */
  readonly looks: Float64Array; // [S, L, H]
  readonly mlp: Float64Array; // [S, L]
  readonly embedding: Float64Array; // [S]
  readonly bias: Float64Array; // [S] what the biases of projections and of the last norm add
  /** As the model computes it, less the mean over the vocabulary: the sum of all above. */
  readonly logit: Float64Array; // [S]
  readonly probability: Float64Array; // [S]
  /** Heads that are named induction heads. */
  readonly induction: readonly (readonly [number, number])[];
};
export type Role = "previous" | "first" | "self" | "same" | "induction";
export type HeadScores = { readonly [R in Role]: Float64Array };
