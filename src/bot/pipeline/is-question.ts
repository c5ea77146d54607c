import type { Routed } from "./route.ts";

const toLook = ["read", "query", "audit"];

/** Changes nothing, whoever asks it. What cannot be read changes nothing either. */
export function isQuestion(routed: Routed): boolean {
  if (routed.kind === "unreadable") return true;
  const { command, values } = routed;
  return (command.looks?.(values) ?? false) || (!command.changes && toLook.includes(command.permission));
}

/** Asks for what nothing may hold up, as far as is known yet what is asked for. */
export function isUrgentAsking(routed: Routed): boolean {
  return routed.kind !== "unreadable" && (routed.command.urgent?.(routed.values) ?? false);
}
