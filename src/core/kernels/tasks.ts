import { emTask } from "../mixture/emPieces.js";
import { lloydTask } from "../mixture/kmeans.js";
import { candidatesTask } from "../mixture/plusPlus.js";
import { restartsTask } from "../mixture/restarts.js";
import { sweepTask } from "../mixture/sweep.js";
import { byteTask } from "../vectors/byteIndex.js";
import { nearTasks } from "../vectors/map/exactKnn.js";
import { likelyTasks } from "../vectors/map/likelyKnn.js";
import { similarityTasks } from "../vectors/similarityMatrix.js";
import { kernels } from "./current.js";
import type { Task } from "./pieces.js";

/** What helpers can do with the kernels in use. */
export function tasks(): readonly Task<never>[] {
  const { maps, matrix } = kernels();
  const mixture = [emTask, restartsTask, sweepTask, lloydTask, candidatesTask];
  return [...mixture, byteTask, ...similarityTasks, ...nearTasks, ...likelyTasks, ...maps.tasks, ...matrix.tasks];
}
