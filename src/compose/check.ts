import { checkConfig } from "../config/check-config.ts";
import { demoPlace, placeOf } from "./config.ts";
import { environmentOrRefuse } from "./environment.ts";

/** `wardroom check [folder] [--strict-env]`: the folder given, else WARDROOM_CONFIG, else the demo's. */
export async function check(args: readonly string[]): Promise<number> {
  const environment = environmentOrRefuse();
  const folder = args.find((arg) => !arg.startsWith("--")) ?? environment.configFolder;
  return checkConfig(folder === undefined ? demoPlace : placeOf(folder), {
    variables: environment.variables,
    strictEnv: args.includes("--strict-env"),
    write: (text) => process.stdout.write(text),
  });
}
