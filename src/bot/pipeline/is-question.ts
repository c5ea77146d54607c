import type { Routed } from "./route.ts";

const toLook = ["read", "query", "audit"];

/** Changes nothing, whoever asks it. What cannot be read changes nothing either. */
export function isQuestion(routed: Routed): boolean {
  return routed.kind === "unreadable" || (!routed.command.changes && toLook.includes(routed.command.permission));
}

/** Asks for what nothing may hold up, as far as is known yet what is asked for. */
export function isUrgentAsking(routed: Routed): boolean {
  return routed.kind !== "unreadable" && (routed.command.urgent?.(routed.values) ?? false);
}
