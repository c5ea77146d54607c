import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { knownSurfaces } from "../../src/compose/known-surfaces.ts";
import { type Config, type ConfigPlace, type LoadResult, loadConfig } from "../../src/config/load-config.ts";
import { type ConfigProblem, formatProblem } from "../../src/config/problem.ts";
import { backends } from "../fakes/backends.ts";

/** Files by their path below the config folder. */
export type Texts = Readonly<Record<string, string | Uint8Array | undefined>>;

export const wardroom = `version: 1
roles:
  - { id: viewer, may: [read] }
  - { id: operator, may: [read, ask] }
  - { id: approver, may: [read, approve] }
  - { id: lead, may: [read, ask, approve, stop] }
channels:
  - id: ops
    surface: console
    channel: ops
    systems: "*"
    allow: [read, ask, approve, stop]
policy:
  tiers:
    - { id: notice, alternatives: [] }
    - { id: critical, alternatives: [[{ role: approver }], [{ role: lead }]] }
  rules:
    - { risk: destructive, tier: critical }
    - { risk: change, tier: notice }
`;

export const people = `people:
  - id: ana
    name: Ana
    accounts: { console: [ana, ana-phone] }
    grants: [{ role: operator, systems: [radar] }]
  - id: boris
    name: Boris
    accounts: { console: [boris] }
    grants: [{ role: approver, systems: "*" }]
  - id: chen
    name: Chen
    accounts: { console: [chen] }
    grants: [{ role: lead, systems: [radar] }]
`;

export const system = `id: radar
title: Radar
health:
  - { id: api, http: "\${RADAR_URL}/health" }
metrics:
  - { id: load, title: Load, warn: 1, critical: 2, source: { json: { url: "\${RADAR_URL}/m", path: /load } }, hint: Look at it }
rules: [{ id: busy, metric: load, above: 2, severity: warning, summary: Busy, hint: Look at it }]
identity: { http: "\${RADAR_URL}/id", expect: { /name: radar } }
operations:
  restart:
    summary: Restart it
    risk: change
    steps: [{ id: note, title: Note, note: Done by hand }]
  wipe:
    summary: Wipe it
    risk: destructive
    short: true
    steps: [{ id: wipe, title: Wipe, http: { method: POST, url: "\${RADAR_URL}/wipe", probe: "\${RADAR_URL}/operations" } }]
`;

export const variables = { RADAR_URL: "http://127.0.0.1:9000" };

const good: Texts = { "wardroom.yaml": wardroom, "people.yaml": people, "systems/radar.yaml": system };

interface Reading {
  readonly variables?: Readonly<Record<string, string>>;
  readonly unset?: "refuse" | "warn";
  readonly reserved?: readonly string[];
  readonly simulated?: readonly string[];
  readonly standIns?: boolean;
}

/** Runs with a config folder: the good files with these in their place. `undefined` leaves a file out. */
export async function inFolder<Result>(texts: Texts, use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "wardroom-config-"));
  try {
    for (const [path, text] of Object.entries({ ...good, ...texts })) {
      if (text === undefined) continue;
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function load(texts: Texts, reading: Reading = {}): Promise<LoadResult> {
  return inFolder(texts, async (folder) => {
    const place: ConfigPlace = {
      folder,
      backends,
      surfaces: knownSurfaces,
      reserved: reading.reserved ?? ["status", "confirm approve"],
      simulated: reading.simulated ?? [],
      standIns: reading.standIns ?? false,
    };
    const options = { variables: reading.variables ?? variables, unset: reading.unset ?? "refuse" } as const;
    const result = await loadConfig(place, options);
    if ("config" in result)
      return { ...result, warnings: result.warnings.map((warning) => withoutFolder(warning, folder)) };
    return { problems: result.problems.map((problem) => withoutFolder(problem, folder)) };
  });
}

function withoutFolder(problem: ConfigProblem, folder: string): ConfigProblem {
  const short = (text: string): string => text.replaceAll(`${folder}/`, "");
  return { ...problem, file: short(problem.file), message: short(problem.message) };
}

export async function goodConfig(texts: Texts = {}, reading: Reading = {}): Promise<Config> {
  const result = await load(texts, reading);
  if ("config" in result) return result.config;
  throw new Error(result.problems.map(formatProblem).join("\n"));
}

export async function problemsOf(texts: Texts, reading: Reading = {}): Promise<readonly ConfigProblem[]> {
  const result = await load(texts, reading);
  return "problems" in result ? result.problems : result.warnings;
}

/** The problems as a person sees them. */
export async function linesOf(texts: Texts, reading: Reading = {}): Promise<string[]> {
  return (await problemsOf(texts, reading)).map(formatProblem);
}

/** What is wrong with the texts themselves: the machine of a test has not the folders that they name. */
export async function linesOfText(texts: Texts, reading: Reading = {}): Promise<string[]> {
  return (await linesOf(texts, reading)).filter(
    (line) => !line.endsWith(" is not there. Make it, or correct the path."),
  );
}

/** A text with one part replaced; fails when the part is not there exactly once, so no test can miss its aim. */
export function edited(text: string, part: string, replacement: string): string {
  if (text.split(part).length !== 2) throw new Error(`"${part}" does not stand exactly once in the text.`);
  return text.replace(part, () => replacement);
}
