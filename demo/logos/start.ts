import { z } from "zod";
import { setRegistryFault } from "../compose/engine.ts";
import { createControl } from "../control.ts";
import { createPrometheus } from "../prometheus/start.ts";
import type { Random } from "../random.ts";
import { type Answer, type Call, DemoService, loginPage, openAll } from "../service.ts";
import { startContainerLogs } from "./container-logs.ts";
import { targetsOf } from "./scraped.ts";
import { type LogosStack, layStack } from "./stack.ts";

/** The services with the path that each answers for its health on, as the manual has them. */
const paths = {
  gateway: "/v1/health",
  "pxl-core": "/healthz",
  "overlay-chrono": "/health",
  "overlay-v4": "/health",
  gui: "/",
} as const;
type ServiceName = keyof typeof paths;

export interface LogosDemo {
  readonly services: Readonly<Record<ServiceName, DemoService>>;
  /** The Prometheus that scrapes them. */
  readonly prometheus: DemoService;
  readonly stack: LogosStack;
  /** Lives through so many seconds at once. Resolves when the logs are written. */
  advance(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

export interface LogosOptions {
  readonly folder: string;
  readonly random: Random;
  readonly now: () => number;
  /** Of the gateway, the core, the overlays Chrono and V4, the GUI and Prometheus; 0 takes a free one. */
  readonly ports: readonly [number, number, number, number, number, number];
  /** False: time passes only by `advance`. */
  readonly isTicking: boolean;
}

/** What can go wrong, with the bodies for `POST /_demo` that make it so and undo it, to copy. */
const examples = [
  {
    name: "slow-gateway",
    does: "the gateway of LOGOS answers three seconds late",
    post: { service: "gateway", fault: { kind: "slow", ms: 3000 } },
    undo: { service: "gateway", fault: null },
  },
  {
    name: "no-image",
    does: "the registry has the images of LOGOS no more, so that a rollback stops when it fetches them",
    post: { registry: "manifest unknown: manifest unknown" },
    undo: { registry: null },
  },
];

/** What its registry answers to every pull; null for what it should. */
const Scene = z.strictObject({ registry: z.string().min(1).max(200).nullable() });

/** Starts LOGOS PXL Core: a compose project that nothing runs, and the services that its containers would be. */
export async function startLogos({ folder, ports, random, now, isTicking }: LogosOptions): Promise<LogosDemo> {
  const parts: LaidStack = {};
  const running = (): ReadonlyMap<string, number> => parts.stack?.running() ?? new Map();
  const services = createServices(ports, parts, running);
  await openAll(Object.values(services));
  const stack = await layStack(folder, now(), {
    PXL_CORE_PORT: services["pxl-core"].port,
    GUI_PORT: services.gui.port,
  });
  parts.stack = stack;
  const prometheus = createPrometheus({
    port: ports[5],
    now,
    targets: targetsOf(running, (name) => services[name].isListening),
    rules: [],
  });
  const all = [...Object.values(services), prometheus.service];
  await openAll([prometheus.service]).catch(async (error: unknown) => {
    await Promise.all(all.map((service) => service.stop()));
    throw error;
  });
  const logs = await startContainerLogs(stack.engine, now(), random);
  const tick = (at: number): void => {
    stack.backups.keep(at);
    prometheus.tick(at);
    logs.tick(at, running);
  };
  const live = (): void => {
    tick(now());
    void logs.flush();
    // A machine that is full has no backup of this hour; the demo goes on.
    void stack.backups.settled().catch(() => undefined);
  };
  const timer = isTicking ? setInterval(live, 1_000).unref() : undefined;
  return {
    services,
    prometheus: prometheus.service,
    stack,
    async advance(seconds) {
      const from = now();
      for (let second = 0; second < seconds; second += 1) tick(from + second * 1_000);
      await Promise.all([logs.flush(), stack.backups.settled()]);
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(all.map((service) => service.stop()));
      await Promise.all([logs.flush(), stack.backups.settled()]);
    },
  };
}

/** Where the stack is, once it has been laid. */
interface LaidStack {
  stack?: LogosStack;
}

function createServices(
  ports: LogosOptions["ports"],
  parts: LaidStack,
  running: () => ReadonlyMap<string, number>,
): Readonly<Record<ServiceName, DemoService>> {
  const make = (name: ServiceName, port: number): DemoService =>
    new DemoService({
      name,
      port,
      answer: (call) => answer(call, name),
      lie: (_call, truth, lie) => (lie === "html" ? loginPage : { ...truth, body: {} }),
      control: createControl(name, {
        services: () => Object.values(services),
        scene: (body) => {
          const scene = Scene.safeParse(body);
          if (!scene.success) return { wrong: z.prettifyError(scene.error) };
          if (parts.stack) setRegistryFault(parts.stack.engine, scene.data.registry ?? undefined);
          return { told: scene.data };
        },
        describe: () => ({ running: Object.fromEntries(running()), examples }),
      }),
      isUp: () => running().has(name),
    });
  const services = {
    gateway: make("gateway", ports[0]),
    "pxl-core": make("pxl-core", ports[1]),
    "overlay-chrono": make("overlay-chrono", ports[2]),
    "overlay-v4": make("overlay-v4", ports[3]),
    gui: make("gui", ports[4]),
  };
  return services;
}

function answer({ method, path }: Call, name: ServiceName): Answer | undefined {
  if (method !== "GET" || path !== paths[name]) return undefined;
  if (name !== "gui") return { status: 200, body: { status: "ok", system: "logos", service: name } };
  return {
    status: 200,
    type: "text/html; charset=utf-8",
    body: "<!doctype html><html><head><title>LOGOS PXL Core</title></head><body><h1>LOGOS PXL Core</h1></body></html>",
  };
}
