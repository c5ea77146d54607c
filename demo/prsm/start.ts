import { createControl } from "../control.ts";
import { startPostgres } from "../postgres/start.ts";
import { createPrometheus } from "../prometheus/start.ts";
import { type Answer, type Call, DemoService, loginPage, openAll } from "../service.ts";
import { prsmDatabase } from "./database.ts";
import { prsmExposition } from "./exposition.ts";

export interface PrsmDemo {
  /** What everybody may ask: `/health`. */
  readonly api: DemoService;
  readonly prometheus: DemoService;
  /** Of the door of its PostgreSQL. */
  readonly databasePort: number;
  stop(): Promise<void>;
}

export interface PrsmOptions {
  /** Of the public API, of Prometheus and of PostgreSQL; 0 takes a free one. */
  readonly ports: readonly [number, number, number];
  readonly now: () => number;
  readonly isTicking: boolean;
  /** Is a pod of that deployment there that could answer? */
  readonly isServed: (deployment: string) => boolean;
}

/** What can go wrong, with the bodies for `POST /_demo` that make it so and undo it, to copy. */
const examples = [
  {
    name: "dead-providers",
    does: "PRSM reaches none of the providers of its models",
    post: { providers: "down" },
    undo: { providers: "up" },
  },
];

/** Starts what stands before PRSM's cluster: the public API, its database's door and the Prometheus beside it. */
export async function startPrsm({ ports, now, isTicking, isServed }: PrsmOptions): Promise<PrsmDemo> {
  const stage = { hasProviders: true };
  const api: DemoService = new DemoService({
    name: "prsm-public",
    port: ports[0],
    answer: (call) => answer(call, stage.hasProviders),
    lie: (_call, truth, lie) => (lie === "html" ? loginPage : { ...truth, body: {} }),
    isUp: () => isServed("prsm-api"),
    control: createControl("prsm-public", {
      services: () => [api],
      scene: (body) => {
        const wanted = JSON.stringify(body);
        const found = examples.find(({ post, undo }) => [post, undo].some((each) => JSON.stringify(each) === wanted));
        if (!found) return { wrong: 'it takes {"providers":"down"} and {"providers":"up"}' };
        stage.hasProviders = wanted === JSON.stringify(found.undo);
        return { told: { providers: stage.hasProviders ? "up" : "down" } };
      },
      describe: () => ({ examples }),
    }),
  });
  const target = {
    job: "prsm",
    instance: "prsm-1",
    read: prsmExposition,
    *past({ from, to, everyMs }: { from: number; to: number; everyMs: number }) {
      for (let at = from; at <= to; at += everyMs) yield { at, text: () => prsmExposition(at) };
    },
  };
  const prometheus = createPrometheus({ port: ports[1], now, targets: [target], rules: [] });
  await openAll([api, prometheus.service]);
  const database = await startPostgres({
    port: ports[2],
    database: prsmDatabase(now),
    isUp: () => isServed("postgres"),
  }).catch(async (error: unknown) => {
    await Promise.all([api.stop(), prometheus.service.stop()]);
    throw error;
  });
  const timer = isTicking ? setInterval(() => prometheus.tick(now()), 5_000).unref() : undefined;
  return {
    api,
    prometheus: prometheus.service,
    databasePort: database.port,
    async stop() {
      clearInterval(timer);
      await Promise.all([api.stop(), prometheus.service.stop(), database.stop()]);
    },
  };
}

function answer({ method, path }: Call, hasProviders: boolean): Answer | undefined {
  if (method !== "GET" || path !== "/health") return undefined;
  const dependencies = {
    postgres: "connected",
    redis: "connected",
    ipfs: "connected",
    model_providers: hasProviders ? "reachable" : "unreachable",
  };
  return { status: 200, body: { status: "healthy", system: "prsm", version: "1.4.2", dependencies } };
}
