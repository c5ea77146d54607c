import { createControl } from "../control.ts";
import { type Answer, type Call, DemoService, loginPage, openAll } from "../service.ts";
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
  readonly stack: LogosStack;
  stop(): Promise<void>;
}

export interface LogosOptions {
  readonly folder: string;
  /** Of the gateway, the core, the overlays Chrono and V4, and the GUI; 0 takes a free one. */
  readonly ports: readonly [number, number, number, number, number];
}

/** What can go wrong, with the bodies for `POST /_demo` that make it so and undo it, to copy. */
const examples = [
  {
    name: "slow-gateway",
    does: "the gateway of LOGOS answers three seconds late",
    post: { service: "gateway", fault: { kind: "slow", ms: 3000 } },
    undo: { service: "gateway", fault: null },
  },
];

/** Starts LOGOS PXL Core: a compose project that nothing runs, and the services that its containers would be. */
export async function startLogos({ folder, ports }: LogosOptions): Promise<LogosDemo> {
  const parts: { stack?: LogosStack } = {};
  const running = (): ReadonlyMap<string, number> => parts.stack?.running() ?? new Map();
  const make = (name: ServiceName, port: number): DemoService =>
    new DemoService({
      name,
      port,
      answer: (call) => answer(call, name),
      lie: (_call, truth, lie) => (lie === "html" ? loginPage : { ...truth, body: {} }),
      control: createControl(name, {
        services: () => Object.values(services),
        scene: () => ({ wrong: "it has no scenes: switch a fault on" }),
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
  await openAll(Object.values(services));
  const stack = layStack(folder, { PXL_CORE_PORT: services["pxl-core"].port, GUI_PORT: services.gui.port });
  parts.stack = stack;
  return {
    services,
    stack,
    async stop() {
      await Promise.all(Object.values(services).map((service) => service.stop()));
    },
  };
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
