import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { configOrRefuse, demoPlace, inClone } from "../../src/compose/config.ts";
import type { Config } from "../../src/config/load-config.ts";
import { rememberSecret } from "../../src/domain/text/known-secrets.ts";

interface Read {
  readonly config: Config;
  readonly env: Readonly<Record<string, string>>;
}

let first: Promise<Read> | undefined;

/**
 * What the demo's files say of a demo that runs. They are read and checked once a process, which takes as long as all else of a
 * room together; where a demo stands is put in afterwards, as a test of this has it.
 */
export async function demoFiles(env: Readonly<Record<string, string>>): Promise<Config> {
  first ??= configOrRefuse(demoPlace, env).then(({ config }) => ({ config, env }));
  const { config, env: was } = await first;
  const moved = new Map(Object.entries(was).map(([name, value]) => [value, env[name] ?? value]));
  const { secrets, ...said } = config;
  const kept = new Map([...secrets].map(([name, value]) => [name, moved.get(value) ?? value]));
  for (const value of kept.values()) rememberSecret(value);
  return { ...movedTo(said, moved), secrets: kept };
}

/** A file as it is written without what is of the demo's systems alone: its digests, where its windows are told, how often an incident of them is told of, and who stands behind the names of their escalations. */
export function ofNoDemoSystem(text: string): string {
  const file = parseDocument(text);
  file.delete("digests");
  for (const part of [...saidBySystem, ["alerts", "announce"]]) if (file.hasIn(part)) file.deleteIn(part);
  return file.toString();
}

/** Where the rules say something of a system under its id. */
const saidBySystem = [
  ["oncall", "contacts"],
  ["incidents", "updates", "systems"],
];

/**
 * Lays the demo's rules and people into a folder, with AlphaPulse and these of its systems alone: a program reads files of one
 * system in a third of the time of all four.
 */
export function layDemoFiles(folder: string, more: readonly string[] = []): void {
  const kept = ["alphapulse", ...more];
  mkdirSync(join(folder, "systems"), { recursive: true });
  for (const id of kept) copyFileSync(inClone(`systems/${id}.yaml`), join(folder, "systems", `${id}.yaml`));
  const others = readdirSync(inClone("systems"))
    .map((name) => name.replace(/\.yaml$/, ""))
    .filter((id) => !kept.includes(id));
  const rules = parseDocument(readFileSync(inClone("demo/config/wardroom.yaml"), "utf8"));
  for (const part of ["digests", "alerts"]) rules.delete(part);
  for (const id of others) for (const part of saidBySystem) rules.deleteIn([...part, id]);
  writeFileSync(join(folder, "wardroom.yaml"), rules.toString());
  const people = readFileSync(inClone("demo/config/people.yaml"), "utf8");
  writeFileSync(join(folder, "people.yaml"), people.replaceAll(new RegExp(`\\b(?:${others.join("|")}),? ?`, "g"), ""));
}

/** The same where nobody is called by time: a story that is not about that need not hold it apart. */
export function withoutEscalation(config: Config): Config {
  return { ...config, systems: config.systems.map((system) => ({ ...system, escalation: undefined })) };
}

/** The same with every value in place of the one it stands for, in one pass: a port may be another one's of before. */
function movedTo<Said>(said: Said, moved: ReadonlyMap<string, string>): Said {
  const longestFirst = [...moved.keys()].toSorted((one, other) => other.length - one.length);
  const any = new RegExp(longestFirst.map((value) => value.replaceAll(/[^\w]/g, String.raw`\$&`)).join("|"), "g");
  const text = JSON.stringify(said, (_, value: unknown) =>
    typeof value === "string" ? value.replaceAll(any, (was) => moved.get(was) ?? was) : value,
  );
  return JSON.parse(text);
}
