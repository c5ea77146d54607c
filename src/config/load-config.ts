import { join } from "node:path";
import { type Digest, digestsOf } from "../domain/digests/digest.ts";
import type { Policy } from "../domain/people/policy.ts";
import type { SurfaceTraits } from "../domain/people/surface.ts";
import { type Backend, readKindsOf, stepKindsOf } from "../domain/systems/backend.ts";
import { withConnections } from "../domain/systems/connections.ts";
import type { System } from "../domain/systems/system.ts";
import { systemInPart, systemSchema } from "../domain/systems/system-file.ts";
import { rememberSecret } from "../domain/text/known-secrets.ts";
import { checkCalendars, withCalendarFiles } from "./calendar-files.ts";
import { checkApprovals } from "./checks/approvals.ts";
import { checkBackends, checkReaches } from "./checks/backends.ts";
import { checkCallFiles } from "./checks/call-files.ts";
import { checkCommandLimits } from "./checks/command-limits.ts";
import { checkDigests } from "./checks/digests.ts";
import { checkDuplicates } from "./checks/duplicates.ts";
import { checkEscalations } from "./checks/escalation.ts";
import type { Files } from "./checks/files.ts";
import { checkIdentities } from "./checks/identities.ts";
import { checkIncidents } from "./checks/incidents.ts";
import { checkMaintenance } from "./checks/maintenance.ts";
import { checkOnCall } from "./checks/on-call.ts";
import { checkPeople } from "./checks/people.ts";
import { checkQueries } from "./checks/queries.ts";
import { checkReferences } from "./checks/references.ts";
import { checkRoutes } from "./checks/routes.ts";
import { checkSystems } from "./checks/systems.ts";
import { filesInPart, filesWith, type PeopleFile, type WardroomFile } from "./files.ts";
import { type ConfigProblem, sortProblems } from "./problem.ts";
import { yamlFilesIn } from "./read-file.ts";
import type { ValueOptions } from "./read-values.ts";
import { type ReadFile, readYaml } from "./read-yaml.ts";
import { revisionOf } from "./revision.ts";
import { withRuleFiles } from "./rule-files.ts";

/** Where the files are. */
export interface ConfigPlace {
  /** Holds `wardroom.yaml` and `people.yaml`. */
  readonly folder: string;
  /** Hold a YAML file for each system; `<folder>/systems` when left out. */
  readonly systemFolders?: readonly string[];
  /** What systems may be reached through: each brings its part of a system's file. */
  readonly backends: readonly Backend[];
  /** Every surface that a channel, an account or a group may be of. */
  readonly surfaces: readonly SurfaceTraits[];
  /** Names of the built-in commands, which a short operation may not take. */
  readonly reserved?: readonly string[];
  /** Variables that say where the demo's simulated systems are. */
  readonly simulated?: readonly string[];
  /** What those variables say stands in for a demo that does not run, so that no file is where they lead. */
  readonly standIns?: boolean;
}

/** Everything the files say, checked as a whole. */
export interface Config {
  readonly policy: Policy;
  readonly systems: readonly System[];
  /** The variables that the files refer to as secrets, by name. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Where alerts go. */
  readonly alerts: WardroomFile["alerts"];
  /** Who is on call. */
  readonly oncall: WardroomFile["oncall"];
  /** What people are told at a time of the day. */
  readonly digests: readonly Digest[];
  /** How often metrics are read and how long what was read is kept, in ms. */
  readonly history: { readonly everyMs: number; readonly keepMs: number };
  readonly incidents: WardroomFile["incidents"];
  readonly slack: WardroomFile["slack"];
  readonly discord: WardroomFile["discord"];
}

/** Either a config that may be used, or what keeps it from being used. Warnings come with both. */
export type LoadResult =
  | { readonly config: Config; readonly warnings: readonly ConfigProblem[] }
  | { readonly problems: readonly ConfigProblem[] };

/**
 * Reads and checks a config. Has no effect but reading files, and that secrets which came in from the environment are masked by
 * their value from then on; whatever is wrong comes back, all at once and in order.
 */
export async function loadConfig(place: ConfigPlace, options: ValueOptions): Promise<LoadResult> {
  const { wardroom, people, systems, missing } = await readFiles(place, options);
  const read: readonly ReadFile<unknown>[] = [wardroom, people, ...systems];
  const everySystem = missing.length === 0 && systems.every((system) => system.loaded);
  const files: Files = {
    wardroom: wardroom.loaded,
    people: people.loaded,
    systems: systems.flatMap((system) => (system.loaded ? [system.loaded] : [])),
    everySystem,
  };
  const policy = policyOf(files, place.surfaces);
  const judged: Files = {
    wardroom: wardroom.loaded ?? wardroom.remainder,
    people: people.loaded ?? people.remainder,
    systems: systems.flatMap((system) => system.loaded ?? system.remainder ?? []),
    everySystem,
  };
  const found = [
    ...(await problemsIn(judged, place)),
    ...(policy ? checkApprovals(files, policy, place.simulated ?? []) : []),
  ];
  const problems = [
    ...missing,
    ...read.flatMap((each) => each.problems),
    ...found.filter((problem) => !read.some(({ remainder }) => remainder?.mayMislead(problem))),
  ];
  const secrets = new Map(read.flatMap((each) => [...each.secrets]));
  const kept = new Map([...wardroom.kept, ...systems.flatMap((each) => [...each.kept])]);
  for (const value of [...secrets.keys(), ...kept.values()]) rememberSecret(value);
  const sorted = sortProblems(problems.map((problem) => withoutSecrets(problem, secrets)));
  const failed = sorted.some((problem) => problem.severity === "error") || !files.everySystem;
  if (failed || !policy || !files.wardroom) return { problems: sorted };
  const { every, keep } = files.wardroom.value.history;
  const history = { everyMs: every, keepMs: keep };
  const { slack, discord, alerts, oncall, digests, incidents } = files.wardroom.value;
  const systemsRead = files.systems.map(({ value }) => withConnections(value));
  return {
    config: {
      policy,
      systems: systemsRead,
      secrets: kept,
      alerts,
      oncall: withCalendarFiles(oncall, place.folder),
      digests: digestsOf(digests, systemsRead),
      incidents,
      history,
      slack,
      discord,
    },
    warnings: sorted,
  };
}

/** What the files say against themselves and each other; of one with mistakes, what is left of it. */
async function problemsIn(files: Files, place: ConfigPlace): Promise<readonly ConfigProblem[]> {
  const reserved = place.reserved ?? [];
  return [
    ...checkBackends(files, place.backends),
    ...checkReaches(files),
    ...checkIdentities(files, place.backends),
    ...checkDuplicates(files),
    ...checkReferences(files),
    ...checkRoutes(files, place.surfaces),
    ...checkOnCall(files),
    ...checkMaintenance(files),
    ...checkDigests(files),
    ...checkEscalations(files),
    ...checkIncidents(files, place.surfaces),
    ...checkPeople(files),
    ...checkCommandLimits(files, place),
    ...checkSystems(files, { reserved, kinds: stepKindsOf(place.backends), reads: readKindsOf(place.backends) }),
    ...checkQueries(files, { reserved, backends: place.backends }),
    ...(await checkCallFiles(files, place)),
    ...(await checkCalendars(files)),
  ];
}

async function readFiles(place: ConfigPlace, options: ValueOptions) {
  const whole = filesWith(place.surfaces);
  const inPart = filesInPart(whole);
  const referring = { ...options, references: true };
  const heldTo = <Name extends keyof typeof whole>(name: Name) => ({ schema: whole[name], inPart: inPart[name] });
  const wardroom = await readYaml<WardroomFile>(join(place.folder, "wardroom.yaml"), heldTo("WardroomFile"), referring);
  const people = await readYaml<PeopleFile>(join(place.folder, "people.yaml"), heldTo("PeopleFile"), options);
  return { wardroom, people, ...(await readSystems(place, referring)) };
}

async function readSystems(place: ConfigPlace, options: ValueOptions) {
  const schema = systemSchema(place.backends);
  const held = { schema, inPart: systemInPart(schema) };
  const systems: ReadFile<System>[] = [];
  const missing: ConfigProblem[] = [];
  for (const folder of place.systemFolders ?? [join(place.folder, "systems")]) {
    const found = await yamlFilesIn(folder);
    if ("problem" in found) missing.push(found.problem);
    else
      for (const file of found.files)
        systems.push(await withRuleFiles(await readYaml<System>(file, held, options), place.backends));
  }
  return { systems, missing };
}

function policyOf({ wardroom, people }: Files, surfaces: readonly SurfaceTraits[]): Policy | undefined {
  if (!wardroom || !people) return undefined;
  const { roles, groups, channels, direct, policy } = wardroom.value;
  const rules = {
    people: people.value.people,
    roles,
    groups,
    channels: channels.map((each) => ({ ...each, requests: each.requests && keepsMessages(each.surface, surfaces) })),
    direct,
    tiers: policy.tiers,
    rules: policy.rules,
  };
  return { revision: revisionOf(rules), ...rules };
}

/** A request is shown where its card can follow it. */
function keepsMessages(surface: string, surfaces: readonly SurfaceTraits[]): boolean {
  return surfaces.some((each) => each.id === surface && each.keepsMessages);
}

/** Messages quote files as they are written; where one quotes what a variable filled in, the value is taken out again. */
function withoutSecrets(problem: ConfigProblem, secrets: ReadonlyMap<string, string>): ConfigProblem {
  let { message, remedy } = problem;
  for (const [value, name] of secrets) {
    message = message.replaceAll(value, `\${${name}}`);
    remedy = remedy.replaceAll(value, `\${${name}}`);
  }
  return { ...problem, message, remedy };
}
