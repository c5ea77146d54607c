import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What V8 would make faster only for those who go on, and each of its compilers costs whoever does not. */
const compilers = ["opt", "maglev"] as const;

/** Longer than any command line but the bot's own takes that does not do one thing over and over. */
const compiledFromMs = 10_000;

/**
 * Has V8 optimise nothing at first: reading a configuration runs most of its code a few times, and compiling that for speed takes a
 * third of the processor time of a start. It optimises again what is still running `afterMs` later.
 */
export function optimiseLater(afterMs = compiledFromMs): void {
  for (const compiler of compilers) setFlagsFromString(`--no-${compiler}`);
  setTimeout(() => {
    for (const compiler of compilers) setFlagsFromString(`--${compiler}`);
  }, afterMs).unref();
}

/**
 * Makes V8 ready for a long quiet life, once everything is read and compiled. Starting leaves about as much behind as a running bot
 * needs, which V8 collects only once as much again has been made, in a quiet bot after days: it is given back now. And the young
 * generation, which has grown to hold what a start makes in one go, goes back to the size that a process begins with and stays
 * there: emptying a large one halts everything for 10 to 20 ms, in which no command is acknowledged, and a small one for half a
 * millisecond. Halts the process for some 0.2 s.
 */
export function settleMemory(): void {
  // Node hands out its collector in no other way while it runs.
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  setFlagsFromString("--no-expose-gc");
  // The one flavour that also shrinks the young generation.
  if (typeof collect === "function") collect({ type: "major", execution: "sync", flavor: "last-resort" });
  setFlagsFromString("--semi-space-growth-factor=1");
}
