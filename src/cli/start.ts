import { startWardroom } from "../compose/start.ts";
import type { Environment } from "../config/environment.ts";
import type { Log } from "../domain/log.ts";
import { environmentOrRefuse } from "./environment.ts";
import { settleMemory } from "./settle.ts";

/** How long after its start the bot has its connections and has read its systems once. */
const settledAfterMs = 10_000;

/** `wardroom start`: runs until it is told to stop, then drains. */
export async function start(): Promise<number> {
  const environment = environmentOrRefuse();
  // Whatever is written from here on is this user's alone.
  process.umask(0o077);
  // It would end a process that does not listen to it, also one that is still starting: that one reads its files once more.
  let onHangUp = (): void => {
    missed = true;
  };
  let missed = false;
  process.on("SIGHUP", () => onHangUp());
  const running = await startWardroom(environment);
  process.stdout.write(banner(environment, running.url));
  onHangUp = () => {
    running.log.info("told to read the configuration again", { signal: "SIGHUP" });
    void running.reload();
  };
  if (missed) onHangUp();
  setTimeout(settleMemory, settledAfterMs).unref();
  await untilToldToStop(running.log);
  await running.stop();
  return 0;
}

function banner(environment: Environment, url: string): string {
  return environment.production
    ? `Wardroom is running: ${url}/healthz\n${firstWords(environment)}`
    : `\n  Wardroom is ready: ${url}\n  The demo's state is in ${environment.stateFolder}/. Stop with Ctrl+C.\n\n`;
}

/** What to try first, where people will be. */
function firstWords({ slack, discord }: Environment): string {
  const lines = [
    ...(slack ? ["  In Slack, in a channel of wardroom.yaml: /ops status"] : []),
    ...(discord ? ["  In Discord, in a channel of wardroom.yaml: /status"] : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** The first signal starts the drain; a second one ends the process at once. */
function untilToldToStop(log: Log): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => {
        log.info("told to stop: ending what is under way", { signal });
        process.once(signal, () => process.exit(130));
        resolve();
      });
    }
  });
}
