import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface, type Interface } from "node:readline";

export type Python = { readonly python: string; readonly version: string };

/** A Python that imports scikit-learn, and its version; undefined when there is none. */
export function findScikitLearn(): Python | undefined {
  return findPython("sklearn");
}

/** A Python that imports a module, and the module's version; undefined when there is none. */
export function findPython(module: string): Python | undefined {
  for (const python of [process.env.LUMEN_PYTHON, "/usr/bin/python3", "python3"]) {
    if (!python) continue;
    const { status, stdout } = spawnSync(python, ["-c", `import ${module}; print(${module}.__version__)`], { encoding: "utf8", env: peerEnv() });
    if (status === 0) return { python, version: stdout.trim() };
  }
  return undefined;
}

/**
 * The environment of a peer: one thread, and numpy left to recognise the processor by itself (some machines carry settings
 * that slow it down).
 */
export function peerEnv(): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _type, OPENBLAS_L2_SIZE: _size, ...env } = process.env;
  return { ...env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
}

/** A Python program that answers each line of JSON with one line of JSON. */
export class Peer {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;
  readonly #answers: AsyncIterator<string>;
  #errors = "";

  /** @param more what its environment has besides */
  constructor(python: string, program: string, more: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(python, ["-c", program], { env: { ...peerEnv(), ...more } });
    this.#child.stderr.on("data", (text) => (this.#errors += text));
    this.#lines = createInterface({ input: this.#child.stdout });
    this.#answers = this.#lines[Symbol.asyncIterator]();
  }

  async ask(question: unknown): Promise<unknown> {
    this.#child.stdin.write(`${JSON.stringify(question)}\n`);
    const { done, value } = await this.#answers.next();
    if (done) throw new Error(`The peer ended: ${this.#errors.trim().split("\n").at(-1) ?? ""}`);
    return JSON.parse(value);
  }

  end(): void {
    this.#lines.close();
    this.#child.stdin.end();
    this.#child.kill();
  }
}
