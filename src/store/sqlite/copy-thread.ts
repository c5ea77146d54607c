import { Worker } from "node:worker_threads";

/** How long the thread waits for more before it ends. */
const idleMs = 60_000;

/** Copies the log into the file beside the loop, which would stand still for it. Started at first use. */
export class CopyThread {
  readonly #path: string;
  readonly #idleMs: number;
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(path: string, waitsMs = idleMs) {
    this.#path = path;
    this.#idleMs = waitsMs;
  }

  get running(): boolean {
    return this.#worker !== undefined;
  }

  /** Resolves when it has been tried, also where the thread died of it: the log keeps what was not copied. */
  async copy(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    worker.ref();
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const end = (): void => resolve();
    worker.on("message", end).on("exit", end);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage("copy");
    await ended;
    worker.off("message", end).off("exit", end);
    worker.unref();
    this.#idle = setTimeout(() => void this.stop(), this.#idleMs).unref();
  }

  /** Its connection to the file is closed once this has resolved. */
  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL("./copy-worker.ts", import.meta.url), {
      workerData: this.#path,
      execArgv: [],
      name: "state-copy",
    });
    worker.on("error", () => {});
    worker.once("exit", () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    return worker;
  }
}
