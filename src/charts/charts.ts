import { type ChildProcess, fork } from "node:child_process";
import { BackendError } from "../domain/failure.ts";
import type { Charts } from "../domain/messages/chart.ts";
import type { DigestPicture } from "../domain/messages/digest-picture.ts";
import { Drawn, packed, packedDigest } from "./draw-order.ts";

export interface ChartOptions {
  /** A chart that takes longer is given up; the answer goes out without it. */
  readonly deadlineMs?: number;
  /** How long the drawing process is kept for the next chart: its libraries take 200 MiB that an idle bot should not hold. */
  readonly idleMs?: number;
  /** The drawing process's program. */
  readonly entry?: URL;
}

/** Draws charts in a child process, started for the first of them, that ends when it has nothing to do or its parent ends. */
export function createCharts(options: ChartOptions = {}): Charts & { close(): void } {
  const studio = new Studio({
    deadlineMs: 10_000,
    idleMs: 5_000,
    entry: new URL("./draw-process.ts", import.meta.url),
    ...options,
  });
  return {
    draw: (chart) => studio.draw({ chart: packed(chart) }),
    drawDigest: (picture) => studio.draw({ digest: packedDigest(picture) }),
    close: () => studio.close(),
  };
}

interface Waiting {
  readonly child: ChildProcess;
  readonly resolve: (png: Uint8Array) => void;
  readonly reject: (error: BackendError) => void;
  readonly timer: NodeJS.Timeout;
}

class Studio {
  readonly #options: Required<ChartOptions>;
  #child: ChildProcess | undefined;
  #next = 1;
  #idle: NodeJS.Timeout | undefined;
  readonly #waiting = new Map<number, Waiting>();

  constructor(options: Required<ChartOptions>) {
    this.#options = options;
  }

  async draw(
    order: { readonly chart: ReturnType<typeof packed> } | { readonly digest: DigestPicture },
  ): Promise<Uint8Array> {
    clearTimeout(this.#idle);
    const child = this.#child ?? this.#start();
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      // The timer also keeps the process alive that waits for the answer.
      const timer = setTimeout(() => this.#giveUp(id), this.#options.deadlineMs);
      this.#waiting.set(id, { child, resolve, reject, timer });
      child.send({ id, ...order }, (error) => {
        if (error) this.#fail(id, "broken", "the drawing process cannot be reached");
      });
    });
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }

  #start(): ChildProcess {
    const child = fork(this.#options.entry, {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      execArgv: [],
      // It needs nothing of the bot's environment, which holds tokens.
      env: {},
    });
    child.unref();
    child.channel?.unref();
    child.on("message", (message) => this.#take(message));
    child.on("exit", () => this.#gone(child));
    child.on("error", () => this.#gone(child));
    this.#child = child;
    return child;
  }

  #take(message: unknown): void {
    const drawn = Drawn.safeParse(message).data;
    if (!drawn) return;
    if ("error" in drawn) this.#fail(drawn.id, "broken", drawn.error);
    else this.#settle(drawn.id)?.resolve(drawn.png);
  }

  /** Whoever else waits for the same child loses it with this chart, and hears so from its end. */
  #giveUp(id: number): void {
    const child = this.#waiting.get(id)?.child;
    this.#fail(id, "timeout", `no chart within ${this.#options.deadlineMs / 1_000} s`);
    child?.kill("SIGKILL");
    if (this.#child === child) this.#child = undefined;
  }

  #gone(child: ChildProcess): void {
    if (this.#child === child) this.#child = undefined;
    for (const [id, waiting] of this.#waiting) {
      if (waiting.child === child) this.#fail(id, "broken", "the drawing process ended");
    }
  }

  #fail(id: number, fault: "broken" | "timeout", detail: string): void {
    this.#settle(id)?.reject(new BackendError("charts", { fault, detail }));
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (!waiting) return undefined;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    if (this.#waiting.size === 0) this.#idle = setTimeout(() => this.close(), this.#options.idleMs).unref();
    return waiting;
  }
}
