import { tasks } from "../../core/kernels/tasks.js";
import { serve } from "./crewThread.js";

serve(tasks);
