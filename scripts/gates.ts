import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";

/** The folder of the clone; every script works from here wherever it was called. */
export const root = join(import.meta.dirname, "..");

/** What holds the code's shape, in the order of what is quickest to mend. All names and arguments as on a command line. */
export const gates = [
  // What was found sound before is kept by the content of each file, so that a small change is checked in seconds.
  {
    name: "types",
    command: ["tsc", "-p", ".", "--incremental", "--tsBuildInfoFile", "node_modules/.cache/types.json"],
  },
  { name: "layers", command: ["node", "scripts/check-layers.ts"] },
  { name: "names", command: ["node", "scripts/exported-names.ts"] },
  { name: "lint", command: ["oxlint", "src", "test", "demo", "bench", "scripts", "bin"] },
  { name: "format", command: ["biome", "ci", "."] },
  { name: "unused", command: ["knip"] },
] as const;

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** What the counts do not say. */
  readonly note?: string;
}

/** Runs every gate, also after one failed, and shows what those that failed have to say. */
export function runGates(): Outcome {
  const failed = gates.filter((gate) => !passes(gate.name, gate.command));
  return { passed: gates.length - failed.length, failed: failed.length };
}

/**
 * The environment of every program started here. The clone's own Node and tools come first, so that an older Node
 * of the machine is never picked up by a tool's first line.
 */
export function toolEnvironment(): NodeJS.ProcessEnv {
  const bin = join(root, "node_modules", ".bin");
  return { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` };
}

function passes(name: string, [program, ...args]: readonly [string, ...string[]]): boolean {
  const started = performance.now();
  const result = spawnSync(program, args, { cwd: root, env: toolEnvironment(), encoding: "utf8" });
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  if (result.status === 0) {
    console.log(`ok    ${name} (${program}, ${seconds} s)`);
    return true;
  }
  console.log(`FAIL  ${name}: ${[program, ...args].join(" ")}`);
  console.log(result.error ? String(result.error) : `${result.stdout}${result.stderr}`.trimEnd());
  return false;
}
