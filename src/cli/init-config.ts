import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type Document, isAlias, isMap, isSeq, parseDocument, stringify, type YAMLMap, YAMLSeq } from "yaml";
import { inClone } from "../compose/config.ts";
import { knownSurfaces } from "../compose/known-surfaces.ts";
import { UserError } from "../domain/failure.ts";
import { surfaceName } from "../domain/people/surface.ts";

/** Who is to be heard on a platform, and where. */
export interface Given {
  readonly surface: "slack" | "discord";
  readonly user: string;
  readonly channel: string;
}

interface Owner {
  /** The person's id in people.yaml; the only one there when left out. */
  readonly person?: string | undefined;
  readonly name: string;
}

export type Written =
  | { readonly outcome: "begun" | "there already" }
  /** `undo` puts the files back as they were. */
  | { readonly outcome: "added to"; readonly undo: () => void };

/** Begins a config, or adds platforms to one. Throws a UserError, with nothing written, where it cannot. */
export function writeConfig(folder: string, given: readonly Given[], owner: Owner): Written {
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

const everything = ["read", "query", "respond", "ask", "approve", "stop", "audit", "administer"];

function channelEntry({ surface, channel }: Given): Record<string, unknown> {
  return {
    id: `${surface}-ops`,
    title: `Operations on ${surfaceName(knownSurfaces, surface)}`,
    surface,
    channel,
    systems: "*",
    allow: everything,
    requests: true,
    operator: true,
  };
}

/** Rights that stand in two places are two: who changes one of them means that one. */
const plain = { aliasDuplicateObjects: false };

function wardroomYaml(given: readonly Given[]): string {
  const terminal = {
    id: "terminal",
    title: "The terminal",
    surface: "terminal",
    channel: "terminal",
    systems: "*",
    allow: everything,
  };
  const file = {
    version: 1,
    roles: [
      { id: "viewer", title: "Viewer", may: ["read"] },
      { id: "operator", title: "Operator", may: ["read", "query", "respond", "ask"] },
      { id: "approver", title: "Approver", may: ["read", "respond", "approve", "audit"] },
      { id: "lead", title: "On-call lead", may: everything },
    ],
    channels: [...given.map(channelEntry), terminal],
    direct: { allow: ["read", "query"] },
    policy: {
      tiers: [
        { id: "notice", alternatives: [] },
        { id: "critical", alternatives: [[{ role: "approver" }], [{ role: "lead" }]], decideBy: "15m", window: "5m" },
      ],
      rules: [
        { risk: "destructive", tier: "critical" },
        { risk: "change", direction: "increases", tier: "critical" },
        { risk: "change", tier: "notice" },
      ],
    },
    demoSystems: true,
  };
  return `# Where the bot listens, who may do what, and who has to agree. Check it with: npx --no wardroom check\n${stringify(file, plain)}`;
}

function peopleYaml(given: readonly Given[], { name }: Owner): string {
  const accounts = { ...Object.fromEntries(given.map(({ surface, user }) => [surface, [user]])), terminal: ["owner"] };
  const owner = { id: "owner", name, accounts, grants: [{ role: "lead", systems: "*" }] };
  return `# Who is who, by the platforms' own ids. Destructive operations need a second person: add one with the role approver.\n${stringify({ people: [owner] }, plain)}`;
}

/** Both files are read and changed before either is written, so that one that cannot be read leaves the other as it was. */
function addPlatforms(folder: string, given: readonly Given[], owner: Owner): Written {
  const wardroom = read(folder, "wardroom.yaml");
  const people = read(folder, "people.yaml");
  const added = given.flatMap((each) => [
    addChannel(wardroom.document, each),
    addAccount(people.document, each, owner.person),
  ]);
  if (!added.includes(true)) return { outcome: "there already" };
  write(wardroom.path, wardroom.document.toString());
  write(people.path, people.document.toString());
  return {
    outcome: "added to",
    undo() {
      for (const { path, text } of [wardroom, people]) write(path, text);
    },
  };
}

interface ReadFile {
  readonly path: string;
  readonly text: string;
  readonly document: Document;
}

function read(folder: string, file: string): ReadFile {
  const path = join(folder, file);
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem) throw new UserError(`${path} cannot be read: ${problem.message}`, "Mend it, then add the platform.");
  return { path, text, document };
}

/** Never half a file, also when the machine stops meanwhile; a link stays one, and who may read it may go on reading it. */
function write(named: string, text: string): void {
  const path = realpathSync(named);
  writeFileSync(`${path}.new`, text, { mode: statSync(path).mode });
  renameSync(`${path}.new`, path);
}

function addChannel(document: Document, given: Given): boolean {
  const channels = entries(document, "channels");
  const same = (each: YAMLMap): boolean =>
    each.get("surface") === given.surface && String(each.get("channel")) === given.channel;
  if (maps(channels).some(same)) return false;
  const ids = maps(channels).map((each) => each.get("id"));
  const entry = channelEntry(given);
  const id = ids.includes(entry["id"]) ? `${String(entry["id"])}-${ids.length + 1}` : entry["id"];
  channels.add(document.createNode({ ...entry, id }, plain));
  return true;
}

function addAccount(document: Document, { surface, user }: Given, wanted: string | undefined): boolean {
  const people = maps(entries(document, "people"));
  const owner = people.find((each) => accountsOf(each, surface)?.items.map(String).includes(user));
  if (owner && (wanted === undefined || owner.get("id") === wanted)) return false;
  if (owner) throw new UserError(`That account is ${String(owner.get("id"))}'s already.`, "Mend people.yaml by hand.");
  const person = personFor(people, wanted);
  const known = accountsOf(person, surface);
  if (known) known.add(document.createNode(user));
  else person.setIn(["accounts", surface], document.createNode([user]));
  return true;
}

function personFor(people: readonly YAMLMap[], wanted: string | undefined): YAMLMap {
  const [only, ...others] = people;
  if (!only) throw new UserError("people.yaml names nobody yet.", "Add yourself there, with an id, a name and grants.");
  const found = wanted === undefined && others.length === 0 ? only : people.find((each) => each.get("id") === wanted);
  if (found) return found;
  throw new UserError(
    wanted === undefined ? "people.yaml names several people." : `people.yaml names nobody with the id ${wanted}.`,
    `Say whose account it is: --person ${people.map((each) => String(each.get("id"))).join(" or ")}`,
  );
}

function accountsOf(person: YAMLMap, surface: string): YAMLSeq | undefined {
  const accounts = person.get("accounts", true);
  refuseAlias(accounts, "accounts");
  if (!isMap(accounts)) return undefined;
  const found = accounts.get(surface, true);
  refuseAlias(found, surface);
  return isSeq(found) ? found : undefined;
}

/** What stands elsewhere under a name of its own would be changed there too, or be lost here. */
function refuseAlias(node: unknown, name: string): void {
  if (isAlias(node))
    throw new UserError(`${name} is an alias (*), which is not changed here.`, "Add the platform by hand.");
}

function entries(document: Document, key: string): YAMLSeq {
  const found = document.get(key, true);
  refuseAlias(found, key);
  if (isSeq(found)) return found;
  const made = new YAMLSeq();
  document.set(key, made);
  return made;
}

function maps(list: YAMLSeq): YAMLMap[] {
  return list.items.filter((each) => isMap(each));
}
