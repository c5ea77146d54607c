import { join } from "node:path";
import { defineConfig } from "vitest/config";

// What Node has compiled once it keeps for every process of the suite, those of killed bots and of the demo among them.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "node_modules/.cache/compiled");

export default defineConfig({
  test: {
    // Node reads the files itself, as it does where Wardroom runs: a third of the time that Vite's own way takes.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    pool: "forks",
    // Twice the two cores that it is meant for: stories wait for clocks two thirds of their time.
    maxWorkers: 4,
    // What hangs hangs longer than this; on a slow machine a story that starts three bots beside three others takes half.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: ["default"],
    // Files share their processes, and so what they import: none leaves anything behind that another one meets.
    isolate: false,
    setupFiles: ["test/forget-secrets.ts"],
    include: ["test/**/*.test.ts"],
    // Young objects die young where there is room for them: a tenth less work than with Node's own 16 MiB.
    execArgv: ["--max-semi-space-size=64"],
  },
});
