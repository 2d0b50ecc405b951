import { emTask } from "../mixture/emPieces.js";
import type { Task } from "./pieces.js";

/** What helpers can do. */
export const tasks: readonly Task<never>[] = [emTask];
