import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { rememberedSecrets } from "../domain/text/known-secrets.ts";
import type { ScanAnswer, ScanOrder, Task } from "./scan-task.ts";

/** The code of a thread that could not even be ended: it may still be reading its file. */
export const stuck = "STUCK";

/** Threads that scan files, so that the event loop never does. Started at first use, ended when nobody has asked for a while. */
export class ScanPool {
  readonly size: number;
  readonly #idleMs: number;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  /** How many of the remembered secrets each thread was told. */
  readonly #told = new WeakMap<Worker, number>();
  readonly #waiting: ((worker: Worker) => void)[] = [];
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(options: { readonly size?: number; readonly idleMs: number }) {
    this.size = options.size ?? Math.min(2, availableParallelism());
    this.#idleMs = options.idleMs;
  }

  /**
   * Runs a task on the next free thread. One that does not answer by `overdueAt` (ms since 1970) loses its thread, and the
   * answer says `failed` with the code ETIMEDOUT, or `stuck`. Never rejects.
   */
  async run(task: Task, overdueAt: number): Promise<ScanAnswer> {
    const worker = await this.#take();
    const answer = await this.#ask(worker, task, overdueAt);
    if (this.#all.has(worker)) this.#giveBack(worker);
    else this.#replaceIfWanted();
    return answer;
  }

  /** Ends the threads. Tasks under way answer `failed`. */
  async close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    const ending = [...this.#all];
    // Forgotten at once: a task that comes while they end must not be given to them.
    this.#all.clear();
    this.#idle.length = 0;
    await Promise.all(ending.map((worker) => worker.terminate()));
  }

  async #take(): Promise<Worker> {
    clearTimeout(this.#idleTimer);
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#all.size < this.size) return this.#start();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #giveBack(worker: Worker): void {
    const next = this.#waiting.shift();
    if (next) {
      next(worker);
      return;
    }
    worker.unref();
    this.#idle.push(worker);
    if (this.#idle.length < this.#all.size) return;
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => void this.close(), this.#idleMs).unref();
  }

  #replaceIfWanted(): void {
    const next = this.#waiting.shift();
    if (next) next(this.#start());
  }

  #start(): Worker {
    const worker = new Worker(new URL("./scan-worker.ts", import.meta.url), { execArgv: [], name: "log-scan" });
    const forget = (): void => {
      this.#all.delete(worker);
      const at = this.#idle.indexOf(worker);
      if (at >= 0) this.#idle.splice(at, 1);
    };
    worker.on("exit", forget);
    worker.on("error", forget);
    this.#all.add(worker);
    return worker;
  }

  #orderFor(worker: Worker, task: Task): ScanOrder {
    const all = rememberedSecrets();
    const secrets = all.slice(this.#told.get(worker) ?? 0);
    this.#told.set(worker, all.length);
    return { task, secrets };
  }

  async #ask(worker: Worker, task: Task, overdueAt: number): Promise<ScanAnswer> {
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => {
          this.#all.delete(worker);
          leave();
          // The answer waits for the thread's end, because only then is the file no longer read; but not for ever, as a
          // thread inside a call to a dead file system cannot be ended.
          const message = "the scan did not end in time";
          const grace = setTimeout(() => settle({ kind: "failed", message, code: stuck }), 1_000);
          void worker.terminate().finally(() => {
            clearTimeout(grace);
            settle({ kind: "failed", message, code: "ETIMEDOUT" });
          });
        },
        Math.max(0, overdueAt - Date.now()),
      );
      const settle = (answer: ScanAnswer): void => {
        clearTimeout(timer);
        leave();
        resolve(answer);
      };
      const leave = (): void => void worker.off("message", settle).off("exit", onExit).off("error", onError);
      const onExit = (): void => settle({ kind: "failed", message: "the scanning thread ended", code: undefined });
      const onError = (error: Error): void => settle({ kind: "failed", message: error.message, code: undefined });
      worker.on("message", settle).on("exit", onExit).on("error", onError);
      worker.ref();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage(this.#orderFor(worker, task));
    });
  }
}
