import { checkConfig } from "../config/check-config.ts";
import { demoPlace, placeOf } from "./config.ts";
import { environmentOrRefuse } from "./environment.ts";

/** Stand in for what the demo's systems say of themselves once they run. */
const demoVariables = {
  PULSEGUARD_1: "http://127.0.0.1:8088",
  PULSEGUARD_2: "http://127.0.0.1:8089",
  PULSEGUARD_3: "http://127.0.0.1:8090",
  PULSEGUARD_LOGS: "/var/log/pulseguard",
  ALPHAPULSE_URL: "http://127.0.0.1:8080",
  ALPHAPULSE_MONITOR: "http://127.0.0.1:8081",
  ALPHAPULSE_HOME: "/opt/alphapulse-rl",
};

/** `wardroom check [folder] [--strict-env]`: the folder given, else WARDROOM_CONFIG, else the demo's. */
export async function check(args: readonly string[]): Promise<number> {
  const environment = environmentOrRefuse();
  const folder = args.find((arg) => !arg.startsWith("--")) ?? environment.configFolder;
  return checkConfig(folder === undefined ? demoPlace : placeOf(folder), {
    variables: folder === undefined ? { ...demoVariables, ...environment.variables } : environment.variables,
    strictEnv: args.includes("--strict-env"),
    write: (text) => process.stdout.write(text),
  });
}
