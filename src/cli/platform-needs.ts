import { type Variables, variableFits } from "../config/environment.ts";
import { UserError } from "../domain/failure.ts";
import type { Given } from "./first-config.ts";
import type { Prompt, PromptQuestion } from "./terminal-prompt.ts";

/** What the command line may give. */
export const initOptions = {
  name: { type: "string" },
  person: { type: "string" },
  slack: { type: "boolean" },
  "slack-user": { type: "string" },
  "slack-channel": { type: "string" },
  discord: { type: "boolean" },
  "discord-user": { type: "string" },
  "discord-channel": { type: "string" },
} as const;

export type InitSurface = Given["surface"];
type GivenValues = Readonly<
  Partial<Record<IdOption | "name" | "person", string>> & Partial<Record<InitSurface, boolean>>
>;
type IdOption = `${InitSurface}-${"user" | "channel"}`;

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
type Variable = (typeof needed)[InitSurface][number];

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

/** Is the platform named, or something given of it? */
export function isWanted(surface: InitSurface, values: GivenValues): boolean {
  return [values[surface], values[`${surface}-user`], values[`${surface}-channel`]].some(
    (value) => value !== undefined,
  );
}

/** What is said where no platform is named. */
export function nothingWanted(): UserError {
  return new UserError(
    "Say which platform the bot is to be on: --slack, --discord or both. What else is needed is asked for.",
    `In a script: npx --no wardroom init --slack-user U… --slack-channel C…, or --discord-user … --discord-channel …\n${Object.values(
      ids,
    )
      .map((each) => each.where)
      .join("\n")}`,
  );
}

/** Who and where on a platform: as given, else asked for. */
export async function givenFor(surface: InitSurface, values: GivenValues, prompt: Prompt | undefined): Promise<Given> {
  const user = await idFor(`${surface}-user`, values, prompt);
  return { surface, user, channel: await idFor(`${surface}-channel`, values, prompt) };
}

async function idFor(option: IdOption, values: GivenValues, prompt: Prompt | undefined): Promise<string> {
  const value = values[option];
  const { shape, ...question } = ids[option];
  if (value === undefined && prompt) return prompt.ask({ ...question, fits: (answer) => shape.test(answer) });
  if (value === undefined) throw new UserError(`--${option} is missing.`, question.where);
  if (shape.test(value)) return value;
  throw new UserError(`--${option} takes an id, not a name.`, question.where);
}

/** What the platforms need and the environment does not have yet. */
export function lacking(surfaces: readonly InitSurface[], set: Variables): Variable[] {
  // Events may come over HTTP instead of sockets, proven by a secret of their own.
  const overHttp = Boolean(set["SLACK_SIGNING_SECRET"]);
  return surfaces
    .flatMap((surface): readonly Variable[] => needed[surface])
    .filter((name) => !set[name] && !(name === "SLACK_APP_TOKEN" && overHttp));
}

/** Asks for what a platform needs in the environment. */
export async function askForVariable(name: Variable, prompt: Prompt): Promise<string> {
  return prompt.ask({ ...questions[name], fits: (answer) => variableFits(name, answer) });
}
