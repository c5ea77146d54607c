import { join } from "node:path";
import { type AlphaPulseDemo, startAlphaPulse } from "./alphapulse/start.ts";
import { namespaceUid } from "./kubernetes/scenery.ts";
import { type KubernetesDemo, startKubernetes } from "./kubernetes/start.ts";
import { type LogosDemo, type LogosOptions, startLogos } from "./logos/start.ts";
import { layPrsm } from "./prsm/lay.ts";
import { type PrsmDemo, type PrsmOptions, startPrsm } from "./prsm/start.ts";
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
    readonly kubernetes?: number;
    readonly troubles?: number;
    readonly prometheus?: number;
    readonly logos?: LogosOptions["ports"];
    /** Of PRSM's public API, its Prometheus and its PostgreSQL. */
    readonly prsm?: PrsmOptions["ports"];
  };
  /** False: nothing moves but by `advance`. */
  readonly isTicking?: boolean;
}

export interface Demo {
  readonly pulseguard: PulseGuardDemo;
  readonly alphapulse: AlphaPulseDemo;
  readonly logos: LogosDemo;
  readonly kubernetes: KubernetesDemo;
  readonly prsm: PrsmDemo;
  /** The variables that `systems/*.yaml` name. */
  readonly env: Readonly<Record<string, string>>;
  /** The systems live through so many seconds at once. */
  advance(seconds: number): Promise<void>;
  /** Closes every listener and timer; the files stay. */
  stop(): Promise<void>;
}

/** Starts the demo systems on loopback, inside this process: all of them, or none. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const started: { stop(): Promise<void> }[] = [];
  const kept = async <Part extends { stop(): Promise<void> }>(starting: Promise<Part>): Promise<Part> => {
    const part = await starting;
    started.push(part);
    return part;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((each) => each.stop()));
  };
  // None waits for another but PRSM for its cluster: most of a start is spent on files and ports.
  const starting = startingParts(options, kept);
  try {
    const [pulseguard, alphapulse, logos, kubernetes, prsm] = await Promise.all(starting);
    return {
      pulseguard,
      alphapulse,
      logos,
      kubernetes,
      prsm,
      env: {
        ...environmentOf(pulseguard, alphapulse, logos),
        ...prsmEnvironment(prsm, kubernetes, options.folder),
      },
      async advance(seconds) {
        await Promise.all([pulseguard.advance(seconds), alphapulse.advance(seconds), logos.advance(seconds)]);
      },
      stop,
    };
  } catch (error) {
    await Promise.allSettled(starting);
    await stop();
    throw error;
  }
}

function startingParts(
  options: DemoOptions,
  kept: <Part extends { stop(): Promise<void> }>(starting: Promise<Part>) => Promise<Part>,
) {
  const random = createRandom(options.seed ?? 1);
  const time = { now: options.now ?? Date.now, isTicking: options.isTicking ?? true };
  const {
    pulseguard: ports = [0, 0, 0],
    trading = 0,
    monitor = 0,
    prometheus = 0,
    kubernetes: cluster = 0,
    troubles = 0,
    logos: logosPorts = [0, 0, 0, 0, 0, 0],
    prsm: prsmPorts = [0, 0, 0],
  } = options.ports ?? {};
  const pulseguard = startPulseGuard({
    home: join(options.folder, "pulseguard"),
    random: random.fork("pulseguard"),
    ports,
    prometheusPort: prometheus,
    ...time,
  });
  const alphapulse = startAlphaPulse({
    home: join(options.folder, "alphapulse-rl"),
    random: random.fork("alphapulse"),
    ports: { trading, monitor },
    ...time,
  });
  const logos = startLogos({
    folder: join(options.folder, "logos"),
    random: random.fork("logos"),
    ports: logosPorts,
    ...time,
  });
  const kubernetes = kept(
    startKubernetes({ port: cluster, doorPort: troubles, random: random.fork("kubernetes"), ...time }),
  );
  const prsm = kubernetes.then(async (api) =>
    kept(startPrsm({ ports: prsmPorts, isServed: (name) => api.isServed(name), ...time })),
  );
  return [kept(pulseguard), kept(alphapulse), kept(logos), kubernetes, prsm] as const;
}

function prsmEnvironment(prsm: PrsmDemo, kubernetes: KubernetesDemo, folder: string): Record<string, string> {
  const kubeconfig = join(folder, "prsm.kubeconfig");
  kubernetes.writeConfig(kubeconfig);
  return {
    PRSM_PUBLIC: prsm.api.url,
    PRSM_PROMETHEUS: prsm.prometheus.url,
    PRSM_GRAFANA: "https://grafana.prsm.org",
    PRSM_ALERTMANAGER: "https://alertmanager.prsm.org:9093",
    PRSM_HOME: layPrsm(folder),
    PRSM_KUBECONFIG: kubeconfig,
    PRSM_NAMESPACE_UID: namespaceUid,
    PRSM_RO: `postgres://wardroom_ro@127.0.0.1:${prsm.databasePort}/prsm_production`,
  };
}

function environmentOf(
  pulseguard: PulseGuardDemo,
  alphapulse: AlphaPulseDemo,
  { services, stack, prometheus }: LogosDemo,
): Record<string, string> {
  const [first, second, third] = pulseguard.nodes;
  return {
    PULSEGUARD_1: first.service.url,
    PULSEGUARD_2: second.service.url,
    PULSEGUARD_3: third.service.url,
    PULSEGUARD_PROMETHEUS: pulseguard.prometheus.url,
    PULSEGUARD_LOGS: pulseguard.logs,
    PULSEGUARD_HOME: pulseguard.home,
    ALPHAPULSE_URL: alphapulse.trading.url,
    ALPHAPULSE_TOKEN: alphapulse.token,
    ALPHAPULSE_MONITOR: alphapulse.monitor.url,
    ALPHAPULSE_HOME: alphapulse.home,
    ALPHAPULSE_DOCKER: alphapulse.docker,
    ALPHAPULSE_SYSTEMCTL: alphapulse.systemctl,
    LOGOS_HOME: stack.home,
    LOGOS_BACKUPS: stack.backups.folder,
    LOGOS_DOCKER: stack.docker,
    LOGOS_GATEWAY: services.gateway.url,
    LOGOS_PXL_CORE: services["pxl-core"].url,
    LOGOS_OVERLAY_CHRONO: services["overlay-chrono"].url,
    LOGOS_OVERLAY_V4: services["overlay-v4"].url,
    LOGOS_GUI: services.gui.url,
    LOGOS_PROMETHEUS: prometheus.url,
  };
}
