import { tasks } from "../../../src/core/kernels/tasks.js";
import type { Task } from "../../../src/core/kernels/pieces.js";
import { serve } from "../../../src/extension/worker/crewThread.js";
import { moods } from "./moods.js";

// The entry of a helper that can be asked to misbehave.
serve(() => [...tasks(), moods as Task<never>]);
