import { z } from "zod";
import type { Lie } from "../fault.ts";
import { type Answer, type Call, loginPage } from "../service.ts";
import type { Desk } from "./desk.ts";
import type { Keeping } from "./keeping.ts";
import type { Ledger, Outcome } from "./ledger.ts";

const version = "1.4.2";

const ResumeBody = z.object({ reset_stop: z.boolean().default(false) });

/** What the trading service works on. */
export interface Trader {
  readonly desk: Desk;
  readonly ledger: Ledger;
  readonly keeping: Keeping;
  /** Does this container run? */
  readonly isUp: (service: string) => boolean;
  readonly now: () => number;
}

/** The trading service's interface: `/health`, `/metrics`, the four changes, and the look-up of a change by its key. */
export function answerTrading(call: Call, trader: Trader): Answer | undefined {
  if (call.method === "POST") return change(call, trader);
  if (call.method !== "GET") return undefined;
  if (call.path === "/health") return { status: 200, body: health(trader) };
  if (call.path === "/metrics") return { status: 200, body: metrics(trader) };
  if (call.path === "/services") return { status: 200, body: { services: trader.keeping.services() } };
  const service = /^\/services\/([^/]+)$/.exec(call.path)?.[1];
  if (service !== undefined) return serviceNamed(decoded(service), trader);
  if (call.path === "/operations") return trader.ledger.lookUp(call.key);
  const key = /^\/operations\/(.+)$/.exec(call.path)?.[1];
  return key === undefined ? undefined : trader.ledger.lookUp(decoded(key));
}

function serviceNamed(name: string, { keeping }: Trader): Answer {
  const found = keeping.services().find((each) => each.name === name);
  return found ? { status: 200, body: found } : { status: 404, body: { error: `there is no service ${name}` } };
}

/** A trading answer told wrongly, always with status 200. What matters in `/metrics` is `.portfolio.positions`. */
export function lieTrading(call: Call, truth: Answer, kind: Lie): Answer {
  if (kind === "html") return loginPage;
  if (kind === "imposter") return { status: 200, body: { status: "healthy", system: "market-ml", version: "0.3.0" } };
  if (typeof truth.body === "string") return truth;
  const value = { missing: undefined, null: null, text: "none" }[kind];
  if (call.path !== "/metrics") return { ...truth, body: { ...truth.body, status: value } };
  const portfolio = "portfolio" in truth.body && typeof truth.body.portfolio === "object" ? truth.body.portfolio : {};
  return { ...truth, body: { ...truth.body, portfolio: { ...portfolio, positions: value } } };
}

function change(call: Call, { desk, keeping, ledger, now }: Trader): Answer | undefined {
  const carryOut = (act: () => Outcome): Answer => ledger.carryOut(call, now(), act);
  const service = /^\/services\/([^/]+)\/restart$/.exec(call.path)?.[1];
  if (service !== undefined) return carryOut(() => keeping.restart(decoded(service)));
  switch (call.path) {
    case "/emergency_stop":
      return carryOut(() => desk.emergencyStop());
    case "/flatten_positions":
      return carryOut(() => desk.flatten());
    case "/maintenance_mode":
      return carryOut(() => desk.maintenance());
    case "/resume_trading": {
      const body = ResumeBody.safeParse(call.body ?? {});
      if (!body.success) return { status: 400, body: { error: z.prettifyError(body.error) } };
      return carryOut(() => desk.resume(body.data.reset_stop));
    }
    default:
      return undefined;
  }
}

function health({ desk, isUp }: Trader): object {
  return {
    status: "healthy",
    system: "alphapulse-rl",
    service: "trading",
    version,
    mode: desk.mode,
    uptime_seconds: desk.uptimeSeconds(),
    dependencies: { redis: isUp("alphapulse-redis") ? "connected" : "disconnected", exchange: "connected" },
  };
}

function metrics({ desk, now }: Trader): object {
  const figures = desk.figures;
  return {
    timestamp: new Date(now()).toISOString(),
    system: "alphapulse-rl",
    version,
    mode: desk.mode,
    trading: desk.state(),
    portfolio: desk.book.report(),
    host: {
      cpu_percent: figures.cpu_percent,
      memory_percent: figures.memory_percent,
      disk_percent: figures.disk_percent,
    },
    exchange: {
      account: desk.exchangeMode,
      api_response_ms: figures.api_response_ms,
      api_error_percent: figures.api_error_percent,
    },
    model: {
      version: "ppo_v3_2",
      confidence_percent: figures.confidence_percent,
      inference_ms: figures.inference_ms,
    },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
