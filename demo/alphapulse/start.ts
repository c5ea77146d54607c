import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createControl } from "../control.ts";
import type { Random } from "../random.ts";
import { DemoService, openAll } from "../service.ts";
import { Desk } from "./desk.ts";
import { TradingFiles } from "./files.ts";
import { seedTradingHistory } from "./history.ts";
import { Keeping } from "./keeping.ts";
import { type Effect, Ledger } from "./ledger.ts";
import { answerMonitor, lieMonitor } from "./monitor-service.ts";
import { type Alert, Watch, watched } from "./risk.ts";
import { AlphaPulseStack } from "./stack.ts";
import { createStage, playScene, type Stage, stageExamples } from "./stage.ts";
import { answerTrading, lieTrading, type Trader } from "./trading-service.ts";

export interface AlphaPulseDemo extends Stage {
  readonly trading: DemoService;
  readonly monitor: DemoService;
  /** What a change of the trader has to carry. Another at each start. */
  readonly token: string;
  /** What would be `/opt/alphapulse-rl`: holds `logs/`. */
  readonly home: string;
  /** Stands for the `docker` that its services run on. */
  readonly docker: string;
  /** Stands for `systemctl`; the state of the one unit that it knows stands beside it, in `systemctl.alphapulse-trading`. */
  readonly systemctl: string;
  /** Changes that really happened, oldest first, with the idempotency key each came with. */
  effects(operation?: string): readonly Effect[];
  alerts(): readonly Alert[];
  /** Lives through so many seconds at once. Resolves when the files are written. */
  advance(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

export interface AlphaPulseOptions {
  readonly home: string;
  readonly random: Random;
  readonly now: () => number;
  readonly ports: { readonly trading: number; readonly monitor: number };
  /** False: time passes only by `advance`; flattening takes its second or two all the same. */
  readonly isTicking: boolean;
}

/** Starts the trading service and its monitor, with two days of history in `logs/`. */
export async function startAlphaPulse(options: AlphaPulseOptions): Promise<AlphaPulseDemo> {
  const { random, now } = options;
  const folder = join(options.home, "logs");
  const started = now();
  const legacy = await seedTradingHistory(folder, started, random.fork("history"));
  const files = new TradingFiles(folder, started, random.fork("files"));
  const desk = new Desk({ files, now, random, legacy, kept: join(options.home, "state", "halt.json") });
  const stack = AlphaPulseStack.lay(options.home, desk);
  const isUp = (service: string): boolean => stack.isUp(service);
  const trader: Trader = { desk, ledger: new Ledger(), keeping: new Keeping(now), isUp, now };
  const watch = new Watch();
  const token = randomBytes(24).toString("base64url");
  const services = await openServices({ trader, watch, token }, options);
  const look = (at: number, runs: boolean): void => {
    const { book, figures } = desk;
    const measured = watched({
      dailyPnlPercent: book.dailyPnlPercent(),
      drawdownPercent: book.drawdownPercent(),
      lagging: desk.lagging,
      figures,
    });
    for (const alert of watch.look(measured, !services.trading.isListening || !runs, at)) files.alert(alert, at);
  };
  const runsNow = (): boolean => isUp("alphapulse-trading");
  const tick = (at: number, runs: boolean): void => {
    if (runs) desk.tick(at);
    look(at, runs);
  };
  look(started, runsNow());
  const live = (): void => {
    tick(now(), runsNow());
    void files.flush();
  };
  const timer = options.isTicking ? setInterval(live, 1_000).unref() : undefined;
  return {
    ...services,
    ...createStage({ desk, now, state: join(options.home, "state") }),
    token,
    home: options.home,
    docker: stack.docker,
    systemctl: stack.systemctl,
    effects: (operation) =>
      trader.ledger.effects.filter((each) => operation === undefined || each.operation === operation),
    alerts: () => watch.active,
    async advance(seconds) {
      const [from, runs] = [now(), runsNow()];
      for (let second = 0; second < seconds; second += 1) tick(from + second * 1_000, runs);
      await files.flush();
    },
    async stop() {
      clearInterval(timer);
      desk.stop();
      await Promise.all([services.trading.stop(), services.monitor.stop()]);
      await files.flush();
    },
  };
}

interface Services {
  readonly trading: DemoService;
  readonly monitor: DemoService;
}

interface Served {
  readonly trader: Trader;
  readonly watch: Watch;
  readonly token: string;
}

async function openServices({ trader, watch, token }: Served, options: AlphaPulseOptions): Promise<Services> {
  const open: DemoService[] = [];
  const stage = createStage({ desk: trader.desk, now: options.now, state: join(options.home, "state") });
  const controls = {
    services: () => open,
    scene: (body: unknown) => playScene(body, stage),
    describe: () => ({
      trading: trader.desk.state(),
      effects: trader.ledger.effects,
      alerts: watch.active,
      examples: stageExamples,
    }),
  };
  const trading = new DemoService({
    name: "trading",
    port: options.ports.trading,
    token,
    answer: (call) => answerTrading(call, trader),
    lie: lieTrading,
    isUp: () => trader.isUp("alphapulse-trading"),
    control: createControl("trading", controls),
  });
  const monitor = new DemoService({
    name: "monitor",
    port: options.ports.monitor,
    answer: (call) => answerMonitor(call, watch, options.now()),
    lie: lieMonitor,
    isUp: () => trader.isUp("alphapulse-monitor"),
    control: createControl("monitor", controls),
  });
  open.push(trading, monitor);
  await openAll(open);
  return { trading, monitor };
}
