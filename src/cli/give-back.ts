import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Gives back what nothing holds any more. Reading files and compiling leave about as much behind as a running bot needs, and V8
 * collects that only once as much again has been made, which in a quiet bot takes days. Halts the process for some 0.1 s.
 */
export function giveBackMemory(): void {
  // Node hands out its collector in no other way while it runs.
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  setFlagsFromString("--no-expose-gc");
  if (typeof collect === "function") collect();
}
