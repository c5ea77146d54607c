import { join } from "node:path";
import { type AlphaPulseDemo, startAlphaPulse } from "./alphapulse/start.ts";
import { type PulseGuardDemo, startPulseGuard } from "./pulseguard/start.ts";
import { createRandom } from "./random.ts";

export interface DemoOptions {
  /** Where the demo systems keep their files; made when it is not there. */
  readonly folder: string;
  /** The same seed and the same `now` give the same figures. */
  readonly seed?: number;
  readonly now?: () => number;
  /** Each left out takes a free one. */
  readonly ports?: {
    readonly pulseguard?: readonly [number, number, number];
    readonly trading?: number;
    readonly monitor?: number;
    readonly prometheus?: number;
  };
  /** False: nothing moves but by `advance`. */
  readonly isTicking?: boolean;
}

export interface Demo {
  readonly pulseguard: PulseGuardDemo;
  readonly alphapulse: AlphaPulseDemo;
  /** The variables that `systems/*.yaml` name. */
  readonly env: Readonly<Record<string, string>>;
  /** Both systems live through so many seconds at once. */
  advance(seconds: number): Promise<void>;
  /** Closes every listener and timer; the files stay. */
  stop(): Promise<void>;
}

/** Starts the demo systems on loopback, inside this process. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const random = createRandom(options.seed ?? 1);
  const now = options.now ?? Date.now;
  const isTicking = options.isTicking ?? true;
  const { pulseguard: ports = [0, 0, 0], trading = 0, monitor = 0, prometheus = 0 } = options.ports ?? {};
  const pulseguard = await startPulseGuard({
    logs: join(options.folder, "pulseguard", "logs"),
    random: random.fork("pulseguard"),
    now,
    ports,
    prometheusPort: prometheus,
    isTicking,
  });
  const alphapulse = await startAlphaPulse({
    home: join(options.folder, "alphapulse-rl"),
    random: random.fork("alphapulse"),
    now,
    ports: { trading, monitor },
    isTicking,
  }).catch(async (error: unknown) => {
    await pulseguard.stop();
    throw error;
  });
  return {
    pulseguard,
    alphapulse,
    env: environmentOf(pulseguard, alphapulse),
    async advance(seconds) {
      await Promise.all([pulseguard.advance(seconds), alphapulse.advance(seconds)]);
    },
    async stop() {
      await Promise.all([pulseguard.stop(), alphapulse.stop()]);
    },
  };
}

function environmentOf(pulseguard: PulseGuardDemo, alphapulse: AlphaPulseDemo): Record<string, string> {
  const [first, second, third] = pulseguard.nodes;
  return {
    PULSEGUARD_1: first.service.url,
    PULSEGUARD_2: second.service.url,
    PULSEGUARD_3: third.service.url,
    PULSEGUARD_PROMETHEUS: pulseguard.prometheus.url,
    PULSEGUARD_LOGS: pulseguard.logs,
    ALPHAPULSE_URL: alphapulse.trading.url,
    ALPHAPULSE_TOKEN: alphapulse.token,
    ALPHAPULSE_MONITOR: alphapulse.monitor.url,
    ALPHAPULSE_HOME: alphapulse.home,
  };
}
