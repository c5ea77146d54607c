import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, isMap, isSeq, parseDocument, stringify, type YAMLMap, YAMLSeq } from "yaml";
import { UserError } from "../domain/failure.ts";
import { surfaceNames } from "../domain/person.ts";
import { inClone } from "./config.ts";

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

/** Begins a config, or adds platforms to one. Answers whether it began one. Throws a UserError when there was nothing to do. */
export function writeConfig(folder: string, given: readonly Given[], owner: Owner): boolean {
  if (existsSync(join(folder, "wardroom.yaml"))) {
    addPlatforms(folder, given, owner);
    return false;
  }
  mkdirSync(join(folder, "systems"), { recursive: true });
  writeFileSync(join(folder, "wardroom.yaml"), wardroomYaml(given), { flag: "wx" });
  writeFileSync(join(folder, "people.yaml"), peopleYaml(given, owner), { flag: "wx" });
  for (const file of readdirSync(inClone("systems")))
    copyFileSync(inClone(`systems/${file}`), join(folder, "systems", file));
  return true;
}

const everything = ["read", "query", "respond", "ask", "approve", "stop", "audit", "administer"];

function channelEntry({ surface, channel }: Given): Record<string, unknown> {
  return {
    id: `${surface}-ops`,
    title: `Operations on ${surfaceNames[surface]}`,
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
function addPlatforms(folder: string, given: readonly Given[], owner: Owner): void {
  const wardroom = read(folder, "wardroom.yaml");
  const people = read(folder, "people.yaml");
  const added = given.map((each) => {
    const channel = addChannel(wardroom, each);
    return addAccount(people, each, owner.person) || channel;
  });
  if (!added.includes(true))
    throw new UserError(
      `${folder}/wardroom.yaml is there already, with what was given.`,
      "Edit it, or name another folder: wardroom init <folder>",
    );
  write(folder, "wardroom.yaml", wardroom);
  write(folder, "people.yaml", people);
}

function read(folder: string, file: string): Document {
  const path = join(folder, file);
  const document = parseDocument(existsSync(path) ? readFileSync(path, "utf8") : "");
  const [problem] = document.errors;
  if (problem) throw new UserError(`${path} cannot be read: ${problem.message}`, "Mend it, then add the platform.");
  return document;
}

/** Never half a file, also when the machine stops meanwhile. */
function write(folder: string, file: string, document: Document): void {
  const path = join(folder, file);
  writeFileSync(`${path}.new`, document.toString(), { flag: "w" });
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
  const person =
    wanted === undefined && people.length === 1 ? people[0] : people.find((each) => each.get("id") === wanted);
  if (!person)
    throw new UserError(
      wanted === undefined ? "people.yaml names several people." : `people.yaml names nobody with the id ${wanted}.`,
      `Say whose account it is: --person ${people.map((each) => String(each.get("id"))).join(" or ")}`,
    );
  const known = person.getIn(["accounts", surface]);
  if (!isSeq(known)) {
    person.setIn(["accounts", surface], document.createNode([user]));
    return true;
  }
  if (known.items.map(String).includes(user)) return false;
  known.add(document.createNode(user));
  return true;
}

function entries(document: Document, key: string): YAMLSeq {
  const found = document.get(key);
  if (isSeq(found)) return found;
  const made = new YAMLSeq();
  document.set(key, made);
  return made;
}

function maps(list: YAMLSeq): YAMLMap[] {
  return list.items.filter((each) => isMap(each));
}
