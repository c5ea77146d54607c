import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inClone } from "../compose/config.ts";
import { UserError } from "../domain/failure.ts";
import { type Added, addPlatforms } from "./add-platforms.ts";
import { type Given, type Owner, peopleYaml, wardroomYaml } from "./first-config.ts";

/** Begins a config, or adds platforms to one. Throws a UserError, with nothing written, where it cannot. */
export function writeConfig(
  folder: string,
  given: readonly Given[],
  owner: Owner,
): Added | { readonly outcome: "begun" } {
  const [wardroom, people] = [join(folder, "wardroom.yaml"), join(folder, "people.yaml")];
  if (existsSync(wardroom)) return addPlatforms(folder, given, owner);
  if (existsSync(people))
    throw new UserError(`${people} is there, and no wardroom.yaml beside it.`, "Name another folder, or move it away.");
  mkdirSync(join(folder, "systems"), { recursive: true });
  for (const file of readdirSync(inClone("systems")))
    copyFileSync(inClone(`systems/${file}`), join(folder, "systems", file));
  writeFileSync(people, peopleYaml(given, owner), { flag: "wx" });
  writeFileSync(wardroom, wardroomYaml(given), { flag: "wx" });
  return { outcome: "begun" };
}
