/**
 * A stand-in for `docker` with its compose plugin, for a demo and for tests without an engine. It runs nothing: what would run
 * it keeps in a folder, and it answers and fails as Compose 2.26 does. `docker-compose.js --state FOLDER compose -p …`.
 */
import { enableCompileCache } from "node:module";

// Every question starts it anew: what has been compiled once is not compiled again. It is plain JavaScript itself, because what is
// loaded before that is compiled each time. For the same reason nothing that it loads has zod, and yaml only where it must.
enableCompileCache();
const { runDocker } = await import("./command-line.ts");
const { Ended } = await import("./project.ts");

try {
  runDocker(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : "it failed"}\n`);
  process.exitCode = error instanceof Ended ? error.code : 1;
}
