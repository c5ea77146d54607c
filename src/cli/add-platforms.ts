import { existsSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, isAlias, isMap, isSeq, parseDocument, type YAMLMap, YAMLSeq } from "yaml";
import { UserError } from "../domain/failure.ts";
import { channelEntry, type Given, type Owner, plain } from "./first-config.ts";

/** What became of the files. `undo` puts them back as they were. */
export type Added = { readonly outcome: "there already" } | { readonly outcome: "added to"; readonly undo: () => void };

/** Adds platforms to a config. Both files are read and changed before either is written, so that one that cannot be read leaves the other as it was. */
export function addPlatforms(folder: string, given: readonly Given[], owner: Owner): Added {
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
  if (problem) throw new UserError(`${path} cannot be read: ${problem.message}`, "Correct it, then add the platform.");
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
  if (owner)
    throw new UserError(`That account is ${String(owner.get("id"))}'s already.`, "Change people.yaml by hand.");
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
