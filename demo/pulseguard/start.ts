import { join } from "node:path";
import { z } from "zod";
import { createControl } from "../control.ts";
import { LogFile } from "../log-file.ts";
import { createPrometheus } from "../prometheus/start.ts";
import { dailyRhythm, type Random } from "../random.ts";
import { type Answer, type Call, DemoService, openAll } from "../service.ts";
import { exposition, expositionType } from "./exposition.ts";
import { Fleet } from "./fleet.ts";
import { secondsPerLine, seedHistory } from "./history.ts";
import { layHome } from "./home.ts";
import { Instance, type Mode } from "./instance.ts";
import { lie } from "./lie.ts";
import { logLine } from "./log-lines.ts";
import { rules, targetOf } from "./scraped.ts";
import { type Trouble, troubles } from "./weather.ts";

const rotateBytes = 1024 * 1024;

/** One PulseGuard process and the address it answers on. */
export interface PulseGuardNode {
  readonly service: DemoService;
  setMode(mode: Mode): void;
  /** Pretends that `PG_HMAC_KEY` is still `change_me`. */
  setDefaultKey(isDefault: boolean): void;
  /** Trouble of one kind for so many seconds, from the next tick on. */
  strike(trouble: Trouble, seconds: number): void;
  /** As a new process: its counters start at zero. */
  restart(): void;
}

export interface PulseGuardDemo {
  /** In the order of their numbers: pulseguard-1, pulseguard-2, pulseguard-3. */
  readonly nodes: readonly [PulseGuardNode, PulseGuardNode, PulseGuardNode];
  /** The Prometheus that scrapes them. */
  readonly prometheus: DemoService;
  /** The folder that holds `pulseguard.log`. */
  readonly logs: string;
  /** What its manual runs it from: settings, models, features and scripts. */
  readonly home: string;
  /** Lives through so many seconds at once. Resolves when the log is written. */
  advance(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

export interface PulseGuardOptions {
  /** Its logs are in a folder of it. */
  readonly home: string;
  readonly random: Random;
  readonly now: () => number;
  readonly ports: readonly [number, number, number];
  /** Of the Prometheus that scrapes the three; 0 takes a free one. */
  readonly prometheusPort: number;
  /** False: time passes only by `advance`. */
  readonly isTicking: boolean;
}

const Scene = z.union([
  z.strictObject({ instance: z.int().min(1).max(3), trouble: z.enum(troubles), seconds: z.int().min(1).max(3_600) }),
  z.strictObject({ instance: z.int().min(1).max(3), mode: z.enum(["synthetic", "live"]) }),
  z.strictObject({ instance: z.int().min(1).max(3), default_key: z.boolean() }),
  z.strictObject({ instance: z.int().min(1).max(3), restart: z.literal(true) }),
]);

/** What can go wrong, each with the bodies for `POST /_demo` that make it so and undo it, to copy. */
const examples = [
  {
    name: "slow-instance",
    does: "the first instance answers three seconds late",
    post: { service: "pulseguard-1", fault: { kind: "slow", ms: 3000 } },
    undo: { service: "pulseguard-1", fault: null },
  },
  {
    name: "dead-instance",
    does: "the second instance is down for a minute",
    post: { service: "pulseguard-2", fault: { kind: "down" }, forSeconds: 60 },
    undo: { service: "pulseguard-2", fault: null },
  },
  {
    name: "slow-scoring",
    does: "the first instance scores slowly for five minutes",
    post: { instance: 1, trouble: "latency", seconds: 300 },
    undo: { instance: 1, restart: true },
  },
  {
    name: "synthetic-mode",
    does: "the third instance scores made-up transactions",
    post: { instance: 3, mode: "synthetic" },
    undo: { instance: 3, mode: "live" },
  },
];

/** Starts three instances that write one log. */
export async function startPulseGuard(options: PulseGuardOptions): Promise<PulseGuardDemo> {
  const { random, now } = options;
  const started = now();
  layHome(options.home);
  const logs = join(options.home, "logs");
  const make = (number: number): Instance =>
    new Instance({ id: `pulseguard-${number}`, now: started }, random.fork(`instance-${number}`));
  const instances = [make(1), make(2), make(3)] as const;
  const ids = [instances[0].id, instances[1].id, instances[2].id] as const;
  const seeded = await seedHistory(logs, { now: started, instances: [...ids] }, random.fork("history"));
  const log = new LogFile({ ...seeded, limitBytes: rotateBytes });
  const fleet = new Fleet(options.home, now);
  const nodes = await openNodes(instances, fleet, options);
  const prometheus = createPrometheus({
    port: options.prometheusPort,
    now,
    targets: instances.map((instance, index) =>
      targetOf(
        instance,
        () => nodes[index]?.service.fault === undefined && fleet.follows(instance),
        random.fork(`past-${index + 1}`),
      ),
    ),
    rules,
  });
  await openAll([prometheus.service]).catch(async (error: unknown) => {
    await Promise.all(nodes.map((node) => node.service.stop()));
    throw error;
  });
  const logRandom = random.fork("log");
  const running = (): readonly Instance[] => instances.filter((instance) => fleet.follows(instance));
  const tick = (at: number, alive: readonly Instance[]): void => {
    for (const instance of alive) instance.tick(at);
    prometheus.tick(at);
    if (!logRandom.chance(dailyRhythm(at) / secondsPerLine)) return;
    const { id, weather } = logRandom.pick(instances);
    if (!alive.some((each) => each.id === id)) return;
    log.write(logLine({ at, instance: id, weather }, logRandom));
  };
  const live = (): void => {
    tick(now(), running());
    void log.flush();
  };
  const timer = options.isTicking ? setInterval(live, 1_000).unref() : undefined;
  return {
    nodes,
    prometheus: prometheus.service,
    logs,
    home: options.home,
    async advance(seconds) {
      const [from, alive] = [now(), running()];
      for (let second = 0; second < seconds; second += 1) tick(from + second * 1_000, alive);
      await log.flush();
    },
    async stop() {
      clearInterval(timer);
      await Promise.all([prometheus.service, ...nodes.map((node) => node.service)].map((each) => each.stop()));
      await log.flush();
    },
  };
}

type Trio<Item> = readonly [Item, Item, Item];

async function openNodes(
  instances: Trio<Instance>,
  fleet: Fleet,
  options: PulseGuardOptions,
): Promise<Trio<PulseGuardNode>> {
  const nodes: PulseGuardNode[] = [];
  const controls = {
    services: () => nodes.map((node) => node.service),
    scene: (body: unknown) => play(body, nodes),
    describe: () => ({ instances: instances.map((each) => each.status(options.now())), examples }),
  };
  const make = (index: 0 | 1 | 2): PulseGuardNode => {
    const instance = instances[index];
    const service = new DemoService({
      name: instance.id,
      port: options.ports[index],
      answer: (call) => answer(call, instance, options.now()),
      lie,
      isUp: () => fleet.follows(instance),
      control: createControl(instance.id, controls),
    });
    return nodeOf(instance, service, options.now);
  };
  const trio: Trio<PulseGuardNode> = [make(0), make(1), make(2)];
  nodes.push(...trio);
  await openAll(controls.services());
  return trio;
}

function nodeOf(instance: Instance, service: DemoService, now: () => number): PulseGuardNode {
  return {
    service,
    setMode(mode) {
      instance.mode = mode;
    },
    setDefaultKey(isDefault) {
      instance.hasDefaultKey = isDefault;
    },
    strike: (trouble, seconds) => instance.strike(trouble, seconds),
    restart: () => instance.restart(now()),
  };
}

function answer(call: Call, instance: Instance, now: number): Answer | undefined {
  if (call.method !== "GET") return undefined;
  switch (call.path) {
    case "/healthz":
      return { status: 200, body: { status: "ok", system: "pulseguard", instance: instance.id } };
    case "/status":
      return { status: 200, body: instance.status(now) };
    case "/metrics":
      return { status: 200, type: expositionType, body: exposition(instance, now) };
    default:
      return undefined;
  }
}

function play(body: unknown, nodes: readonly PulseGuardNode[]): { told: object } | { wrong: string } {
  const parsed = Scene.safeParse(body);
  if (!parsed.success) return { wrong: z.prettifyError(parsed.error) };
  const scene = parsed.data;
  const node = nodes[scene.instance - 1];
  if (!node) return { wrong: `no instance ${scene.instance}` };
  if ("trouble" in scene) node.strike(scene.trouble, scene.seconds);
  else if ("mode" in scene) node.setMode(scene.mode);
  else if ("default_key" in scene) node.setDefaultKey(scene.default_key);
  else node.restart();
  return { told: scene };
}
