import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import type { ChartSpec, Charts } from "../../domain/ports.ts";

/** A chart that takes longer is given up; the answer goes out without it. */
const deadlineMs = 10_000;
/** How long the drawing process is kept for the next chart. The libraries take 200 MiB that an idle bot should not hold. */
const idleMs = 5_000;

const Drawn = z.union([
  z.object({ id: z.number(), png: z.instanceof(Uint8Array) }),
  z.object({ id: z.number(), error: z.string() }),
]);

/** Draws charts in a child process that ends when it has nothing to do. */
export function createCharts(): Charts & { close(): void } {
  const studio = new Studio();
  return { draw: (chart) => studio.draw(chart), close: () => studio.close() };
}

interface Waiting {
  readonly resolve: (png: Uint8Array) => void;
  readonly reject: (error: BackendError) => void;
  readonly timer: NodeJS.Timeout;
}

class Studio {
  #child: ChildProcess | undefined;
  #next = 1;
  #idle: NodeJS.Timeout | undefined;
  readonly #waiting = new Map<number, Waiting>();

  draw(chart: ChartSpec): Promise<Uint8Array> {
    clearTimeout(this.#idle);
    const child = this.#child ?? this.#start();
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(id), deadlineMs);
      this.#waiting.set(id, { resolve, reject, timer });
      child.ref();
      child.send({ id, chart }, (error) => {
        if (error) this.#settle(id, { id, error: "the drawing process could not be reached" });
      });
    });
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }

  #start(): ChildProcess {
    const child = fork(fileURLToPath(new URL("./draw-process.ts", import.meta.url)), {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      execArgv: [],
    });
    child.on("message", (message) => {
      const drawn = Drawn.safeParse(message).data;
      if (drawn) this.#settle(drawn.id, drawn);
    });
    child.on("exit", () => {
      if (this.#child === child) this.#child = undefined;
      for (const id of this.#waiting.keys()) this.#settle(id, { id, error: "the drawing process ended" });
    });
    child.on("error", () => child.kill("SIGKILL"));
    this.#child = child;
    return child;
  }

  #giveUp(id: number): void {
    this.#settle(id, { id, error: `no chart within ${deadlineMs / 1_000} s` });
    this.close();
  }

  #settle(id: number, drawn: z.output<typeof Drawn>): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    if ("png" in drawn) waiting.resolve(drawn.png);
    else waiting.reject(new BackendError("charts", { fault: "broken", detail: drawn.error }));
    if (this.#waiting.size === 0) this.#rest();
  }

  /** Nothing to draw: the child must not hold up the end of the process, and ends by itself when nobody comes. */
  #rest(): void {
    this.#child?.unref();
    this.#child?.channel?.unref();
    this.#idle = setTimeout(() => this.close(), idleMs).unref();
  }
}
