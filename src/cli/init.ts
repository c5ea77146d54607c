import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { configFor } from "../compose/config.ts";
import { knownSurfaces } from "../compose/known-surfaces.ts";
import { type Environment, setVariables } from "../config/environment.ts";
import { UserError } from "../domain/failure.ts";
import { surfaceName } from "../domain/people/surface.ts";
import { registerOnDiscord } from "./discord.ts";
import { noteInDotEnv } from "./dot-env.ts";
import { environmentOrRefuse } from "./environment.ts";
import type { Given } from "./first-config.ts";
import { writeConfig } from "./init-config.ts";
import {
  askForVariable,
  givenFor,
  type InitSurface,
  initOptions,
  isWanted,
  lacking,
  nothingWanted,
} from "./platform-needs.ts";
import { printFindings } from "./print-findings.ts";
import { terminalPrompt } from "./terminal-prompt.ts";

/**
 * `wardroom init [folder] --slack --discord`: a config to begin with, or a platform more in one that is there. What was not
 * given is asked for where somebody sits. Nothing that stands is overwritten.
 */
export async function init(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args);
  const before = setVariables();
  const folder = positionals[0] ?? (before["WARDROOM_CONFIG"] || "wardroom-config");
  const surfaces = (["slack", "discord"] as const).filter((surface) => isWanted(surface, values));
  if (surfaces.length === 0) throw nothingWanted();
  const prompt = terminalPrompt();
  const given: Given[] = [];
  for (const surface of surfaces) given.push(await givenFor(surface, values, prompt));
  const tokens: Record<string, string> = {};
  if (prompt) for (const name of lacking(surfaces, before)) tokens[name] = await askForVariable(name, prompt);
  const set = { ...before, ...tokens, WARDROOM_CONFIG: before["WARDROOM_CONFIG"] || resolve(folder) };
  // What is wrong with them is said before anything is written; what was typed is kept before anything else can fail.
  const environment = environmentOrRefuse(set);
  const kept = noteInDotEnv(tokens);
  const written = writeConfig(folder, given, { name: values.name ?? "Owner", person: values.person });
  if (written.outcome === "added to") await keepIfUsable(written.undo, { ...environment, configFolder: folder });
  if (written.outcome === "there already" && kept.length === 0) throw nothingToDo(folder);
  const noted = before["WARDROOM_CONFIG"] ? [] : noteInDotEnv({ WARDROOM_CONFIG: set.WARDROOM_CONFIG });
  process.stdout.write(written.outcome === "begun" ? firstWords(folder) : nowKnown(folder, surfaces));
  process.stdout.write(inDotEnv([...kept, ...noted], set.WARDROOM_CONFIG));
  await sayNextStep({ surfaces, folder, environment });
  return 0;
}

/** What the bot could not start with is not left behind. */
async function keepIfUsable(undo: () => void, environment: Environment): Promise<void> {
  try {
    await configFor(environment);
  } catch (error) {
    undo();
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${error.message}\nThe files are as they were.`, "Correct them, then add the platform.");
  }
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: initOptions, allowPositionals: true });
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : "The arguments could not be read.");
  }
}

function nothingToDo(folder: string): UserError {
  return new UserError(
    `${folder}/wardroom.yaml is there already, with what was given.`,
    "Edit it, or name another folder: wardroom init <folder>",
  );
}

function nowKnown(folder: string, surfaces: readonly InitSurface[]): string {
  return `${folder}/ knows ${surfaces.map((surface) => surfaceName(knownSurfaces, surface)).join(" and ")} now.\n`;
}

/** What was written beside the config. Of the tokens the names alone. */
function inDotEnv(names: readonly string[], config: string): string {
  if (names.length === 0) return "";
  const shown = names.map((name) => (name === "WARDROOM_CONFIG" ? `WARDROOM_CONFIG=${config}` : name));
  const led = names.includes("WARDROOM_CONFIG")
    ? "By that line the bot finds its config whenever it is started here.\n"
    : "";
  return `Written into .env: ${shown.join(", ")}\n${led}`;
}

function firstWords(folder: string): string {
  return (
    `${folder}/ holds your config: you may do everything, on the simulated systems.\n` +
    "Nothing destructive can be approved until people.yaml names a second person who may approve.\n" +
    "Until then changed people and rules come into force as they are read; once there are two, both have to agree to a change.\n"
  );
}

interface Begun {
  readonly surfaces: readonly InitSurface[];
  readonly folder: string;
  readonly environment: Environment;
}

async function sayNextStep({ surfaces, folder, environment }: Begun): Promise<void> {
  const missing = lacking(surfaces, environment.variables);
  const elsewhere = resolve(environment.configFolder ?? folder) !== resolve(folder);
  if (elsewhere)
    process.stdout.write(
      `WARDROOM_CONFIG leads to ${environment.configFolder} and was left so: the bot uses that config.\n` +
        `Set WARDROOM_CONFIG=${resolve(folder)} in .env, or wherever it is set, to use this one.\n`,
    );
  if (missing.length > 0) {
    process.stdout.write(`Put into .env: ${missing.map((name) => `${name}=…`).join(" and ")}\n`);
  } else if (!elsewhere) await lookAt(surfaces, environment);
  process.stdout.write("Start the bot with: npm start\n");
}

/** Looks at the platforms with what was just written. */
async function lookAt(surfaces: readonly InitSurface[], environment: Environment): Promise<void> {
  const { slack, discord } = environment;
  if (slack && surfaces.includes("slack")) {
    const { examineSlack } = await import("../bot/slack/doctor.ts");
    // It joins its channels itself, when it starts.
    printFindings("Slack", await examineSlack({ ...slack, channels: [], groups: [], hasRooms: true }));
  }
  if (discord && surfaces.includes("discord")) await registerOnDiscord(discord, await configFor(environment));
}
