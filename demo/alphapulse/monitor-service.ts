import type { Lie } from "../fault.ts";
import { type Answer, type Call, loginPage } from "../service.ts";
import type { Watch } from "./risk.ts";

/** The monitor's interface: `/health` and `/api/alerts`. */
export function answerMonitor(call: Call, watch: Watch, now: number): Answer | undefined {
  if (call.method !== "GET") return undefined;
  const checked = new Date(now).toISOString();
  switch (call.path) {
    case "/health":
      return {
        status: 200,
        body: { status: "healthy", system: "alphapulse-rl", service: "monitor", last_check: checked },
      };
    case "/api/alerts":
      return { status: 200, body: { active_alerts: watch.active, count: watch.active.length, last_check: checked } };
    default:
      return undefined;
  }
}

/** A monitor's answer told wrongly, always with status 200. What matters is `.active_alerts`. */
export function lieMonitor(call: Call, truth: Answer, kind: Lie): Answer {
  if (kind === "html") return loginPage;
  if (kind === "imposter") return { status: 200, body: { status: "healthy", system: "market-ml", version: "0.3.0" } };
  if (typeof truth.body === "string") return truth;
  const value = { missing: undefined, null: null, text: "none" }[kind];
  const part = call.path === "/api/alerts" ? { active_alerts: value } : { status: value };
  return { ...truth, body: { ...truth.body, ...part } };
}
