import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { configFor } from "../compose/config.ts";
import { knownSurfaces } from "../compose/known-surfaces.ts";
import { type Environment, setVariables, type Variables, variableFits } from "../config/environment.ts";
import { UserError } from "../domain/failure.ts";
import { surfaceName } from "../domain/people/surface.ts";
import { registerOnDiscord } from "./discord.ts";
import { noteInDotEnv } from "./dot-env.ts";
import { environmentOrRefuse } from "./environment.ts";
import { type Given, writeConfig } from "./init-config.ts";
import { printFindings } from "./print-findings.ts";
import { type Prompt, type PromptQuestion, terminalPrompt } from "./terminal-prompt.ts";

const options = {
  name: { type: "string" },
  person: { type: "string" },
  slack: { type: "boolean" },
  "slack-user": { type: "string" },
  "slack-channel": { type: "string" },
  discord: { type: "boolean" },
  "discord-user": { type: "string" },
  "discord-channel": { type: "string" },
} as const;

type Surface = Given["surface"];
type Values = Readonly<Partial<Record<IdOption | "name" | "person", string>> & Partial<Record<Surface, boolean>>>;
type IdOption = `${Surface}-${"user" | "channel"}`;

const ids: Readonly<Record<IdOption, Omit<PromptQuestion, "fits"> & { readonly shape: RegExp }>> = {
  "slack-user": {
    title: "Your member id",
    shape: /^[UW][A-Z0-9]{2,20}$/,
    where: "In Slack: your profile, ⋮, Copy member ID. It begins with U.",
  },
  "slack-channel": {
    title: "The channel's id",
    shape: /^[CG][A-Z0-9]{2,20}$/,
    where: "In Slack: the channel's name, About, at the bottom. It begins with C.",
  },
  "discord-user": {
    title: "Your user id",
    shape: /^\d{17,20}$/,
    where: "In Discord, with developer mode on: right-click yourself, Copy User ID.",
  },
  "discord-channel": {
    title: "The channel's id",
    shape: /^\d{17,20}$/,
    where: "In Discord, with developer mode on: right-click the channel, Copy Channel ID.",
  },
};

/** What each platform needs in `.env`. A token on the command line would be seen by everybody on the machine. */
const needed = {
  slack: ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"],
  discord: ["DISCORD_TOKEN", "DISCORD_GUILD_ID"],
} as const;
type Variable = (typeof needed)[Surface][number];

const questions: Readonly<Record<Variable, Omit<PromptQuestion, "fits">>> = {
  SLACK_BOT_TOKEN: {
    title: "Bot User OAuth Token",
    where: "At https://api.slack.com/apps, under OAuth & Permissions of the app. It begins with xoxb-.",
    secret: true,
  },
  SLACK_APP_TOKEN: {
    title: "App-level token",
    where: "Under Basic Information, App-Level Tokens, with the scope connections:write. It begins with xapp-.",
    secret: true,
  },
  DISCORD_TOKEN: {
    title: "The bot's token",
    where: "At https://discord.com/developers/applications, on the application's Bot page: Reset Token.",
    secret: true,
  },
  DISCORD_GUILD_ID: {
    title: "The server's id",
    where: "In Discord, with developer mode on: right-click the server, Copy Server ID.",
  },
};

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
  if (written.outcome === "there already" && !kept) throw nothingToDo(folder);
  if (!before["WARDROOM_CONFIG"]) noteInDotEnv({ WARDROOM_CONFIG: set.WARDROOM_CONFIG });
  process.stdout.write(written.outcome === "begun" ? firstWords(folder) : nowKnown(folder, surfaces));
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
    throw new UserError(`${error.message}\nThe files are as they were.`, "Mend them, then add the platform.");
  }
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : "The arguments could not be read.");
  }
}

function isWanted(surface: Surface, values: Values): boolean {
  return [values[surface], values[`${surface}-user`], values[`${surface}-channel`]].some(
    (value) => value !== undefined,
  );
}

function nothingWanted(): UserError {
  return new UserError(
    "Say which platform the bot is to be on: --slack, --discord or both. What else is needed is asked for.",
    `In a script: npx --no wardroom init --slack-user U… --slack-channel C…, or --discord-user … --discord-channel …\n${Object.values(
      ids,
    )
      .map((each) => each.where)
      .join("\n")}`,
  );
}

async function givenFor(surface: Surface, values: Values, prompt: Prompt | undefined): Promise<Given> {
  const user = await idFor(`${surface}-user`, values, prompt);
  return { surface, user, channel: await idFor(`${surface}-channel`, values, prompt) };
}

async function idFor(option: IdOption, values: Values, prompt: Prompt | undefined): Promise<string> {
  const value = values[option];
  const { shape, ...question } = ids[option];
  if (value === undefined && prompt) return prompt.ask({ ...question, fits: (answer) => shape.test(answer) });
  if (value === undefined) throw new UserError(`--${option} is missing.`, question.where);
  if (shape.test(value)) return value;
  throw new UserError(`--${option} takes an id, not a name.`, question.where);
}

/** What the platforms need and the environment does not have yet. */
function lacking(surfaces: readonly Surface[], set: Variables): Variable[] {
  // Events may come over HTTP instead of sockets, proven by a secret of their own.
  const overHttp = Boolean(set["SLACK_SIGNING_SECRET"]);
  return surfaces
    .flatMap((surface): readonly Variable[] => needed[surface])
    .filter((name) => !set[name] && !(name === "SLACK_APP_TOKEN" && overHttp));
}

async function askForVariable(name: Variable, prompt: Prompt): Promise<string> {
  return prompt.ask({ ...questions[name], fits: (answer) => variableFits(name, answer) });
}

function nothingToDo(folder: string): UserError {
  return new UserError(
    `${folder}/wardroom.yaml is there already, with what was given.`,
    "Edit it, or name another folder: wardroom init <folder>",
  );
}

function nowKnown(folder: string, surfaces: readonly Surface[]): string {
  return `${folder}/ knows ${surfaces.map((surface) => surfaceName(knownSurfaces, surface)).join(" and ")} now.\n`;
}

function firstWords(folder: string): string {
  return (
    `${folder}/ holds your config: you may do everything, on two simulated systems.\n` +
    "Nothing destructive can be approved until people.yaml names a second person who may approve.\n"
  );
}

interface Begun {
  readonly surfaces: readonly Surface[];
  readonly folder: string;
  readonly environment: Environment;
}

async function sayNextStep({ surfaces, folder, environment }: Begun): Promise<void> {
  const missing = lacking(surfaces, environment.variables);
  const elsewhere = resolve(environment.configFolder ?? folder) !== resolve(folder);
  if (elsewhere) process.stdout.write(`Set WARDROOM_CONFIG=${folder} to use it.\n`);
  if (missing.length > 0) {
    process.stdout.write(`Put into .env: ${missing.map((name) => `${name}=…`).join(" and ")}\n`);
  } else if (!elsewhere) await lookAt(surfaces, environment);
  process.stdout.write("Start the bot with: npm start\n");
}

/** Looks at the platforms with what was just written. */
async function lookAt(surfaces: readonly Surface[], environment: Environment): Promise<void> {
  const { slack, discord } = environment;
  if (slack && surfaces.includes("slack")) {
    const { examineSlack } = await import("../bot/slack/doctor.ts");
    // It joins its channels itself, when it starts.
    printFindings("Slack", await examineSlack({ ...slack, channels: [], groups: [] }));
  }
  if (discord && surfaces.includes("discord")) await registerOnDiscord(discord, await configFor(environment));
}
