import { demoPlace, placeOf, withSimulated } from "../compose/config.ts";
import { checkConfig } from "../config/check-config.ts";
import { wantsDemoSystems } from "../config/demo-systems.ts";
import { environmentOrRefuse } from "./environment.ts";

/** `wardroom check [folder] [--without-env]`: the folder given, else WARDROOM_CONFIG, else the demo's. */
export async function check(args: readonly string[]): Promise<number> {
  const environment = environmentOrRefuse();
  const folder = args.find((arg) => !arg.startsWith("--")) ?? environment.configFolder;
  const simulated = folder === undefined || (await wantsDemoSystems(folder));
  return checkConfig(folder === undefined ? demoPlace : placeOf(folder), {
    variables: withSimulated(environment.variables, simulated),
    withoutEnv: args.includes("--without-env"),
    write: (text) => process.stdout.write(text),
  });
}
