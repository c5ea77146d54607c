import type { Lie } from "../fault.ts";
import { type Answer, type Call, loginPage } from "../service.ts";

/** A PulseGuard answer told wrongly, always with status 200. */
export function lie(call: Call, truth: Answer, kind: Lie): Answer {
  if (kind === "html") return loginPage;
  if (kind === "imposter") return { status: 200, body: { status: "ok", system: "market-ml", version: "0.3.0" } };
  if (typeof truth.body === "string") return { ...truth, body: liedText(truth.body, kind) };
  const value = { missing: undefined, null: null, text: "n/a" }[kind];
  const part = call.path === "/status" ? { mode: value } : { status: value };
  return { ...truth, body: { ...truth.body, ...part } };
}

function liedText(text: string, kind: Exclude<Lie, "html" | "imposter">): string {
  switch (kind) {
    case "missing":
      return text.replace(/^(# (HELP|TYPE) )?pg_.*\n/gm, "");
    case "null":
      return text.replace(/^(pg_\S+) .*$/gm, "$1 NaN");
    case "text":
      return "metrics are not available\n";
  }
}
