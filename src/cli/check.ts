import { resolve } from "node:path";
import { demoPlace, placeOf, withSimulated } from "../compose/config.ts";
import { checkConfig } from "../config/check-config.ts";
import { wantsDemoSystems } from "../config/demo-systems.ts";
import type { ConfigPlace } from "../config/load-config.ts";
import { UserError } from "../domain/failure.ts";
import { readFlags } from "./arguments.ts";
import { environmentOrRefuse } from "./environment.ts";

/** `wardroom check [folder] [--without-env]`: the folder given, else WARDROOM_CONFIG, else the demo's. */
export async function check(args: readonly string[]): Promise<number> {
  const remedy = "It takes one folder and --without-env: npx --no wardroom check /etc/wardroom";
  const { values, positionals } = readFlags(args, { "without-env": { type: "boolean" } } as const, remedy);
  if (positionals.length > 1) throw new UserError(`check takes one folder, not ${positionals.length}.`, remedy);
  const environment = environmentOrRefuse();
  const given = positionals[0] ?? environment.configFolder;
  // The systems of the demo's own folder stand beside it, and run while the bot does.
  const folder = given !== undefined && resolve(given) === resolve(demoPlace.folder) ? undefined : given;
  const simulated = folder === undefined || (await wantsDemoSystems(folder));
  const place = { ...(folder === undefined ? demoPlace : placeOf(folder)), standIns: simulated };
  process.stdout.write(`${checkedWords(place, simulated)}\n`);
  return checkConfig(place, {
    variables: withSimulated(environment.variables, simulated),
    withoutEnv: values["without-env"] === true,
    write: (text) => process.stdout.write(text),
  });
}

/** What is looked at, before what was found. */
function checkedWords({ folder, systemFolders }: ConfigPlace, simulated: boolean): string {
  const systems = systemFolders?.map((each) => resolve(each)).join(", ") ?? resolve(folder, "systems");
  const demo = simulated ? ", with the addresses of the demo's simulated systems" : "";
  return `Checking wardroom.yaml and people.yaml in ${resolve(folder)}, and the systems in ${systems}${demo}. Nothing is asked over the network.`;
}
