import { existsSync } from "node:fs";
import { z } from "zod";
import { Url } from "../domain/systems/values.ts";
import { distance } from "../domain/text/distance.ts";
import { rememberSecret } from "../domain/text/known-secrets.ts";

/** Environment variables by name, as a process has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What lets the bot in on the chat platforms; undefined for those that it is not on. */
export interface PlatformAccess {
  readonly slack: SlackAccess | undefined;
  readonly discord: DiscordAccess | undefined;
}

/** What the environment says, read once at start. */
export interface Environment extends PlatformAccess {
  /** A config folder or a chat platform is set: no demo people, no console, no speaking as somebody else. */
  readonly production: boolean;
  /** Folder of `wardroom.yaml`, `people.yaml` and `systems/`. Unset in the demo. */
  readonly configFolder: string | undefined;
  /** Folder that the embedded store and the terminal's tokens live in. */
  readonly stateFolder: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Where the terminal's door is: on a socket in the state folder, or on the port, for users of this machine who may not read that. */
  readonly terminal: "socket" | "tcp";
  readonly logLevel: "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";
  /** Set: the state is in Redis instead of the state folder. May hold a password, so it is never shown. */
  readonly redisUrl: string | undefined;
  /** Everything that was set, for `${NAME}` in the config files. */
  readonly variables: Variables;
}

/** What the bot needs to be in a Slack workspace. Secrets: never shown. */
export interface SlackAccess {
  readonly botToken: string;
  /** Set: events come over sockets. Otherwise they come over HTTP, proven by the signing secret. */
  readonly appToken: string | undefined;
  readonly signingSecret: string | undefined;
  /** Ends in a slash, as Slack's client wants it. */
  readonly apiUrl: string | undefined;
}

/** What the bot needs to be in a Discord server. */
export interface DiscordAccess {
  readonly token: string;
  readonly guildId: string;
  /** Ends without a slash, as Discord's client wants it. */
  readonly apiUrl: string | undefined;
}

export interface EnvironmentProblem {
  readonly variable: string;
  /** What is wrong, never with the value: it may be a secret. */
  readonly message: string;
  readonly remedy: string;
}

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
const terminals = ["socket", "tcp"] as const;
const Folder = z.string().refine((path) => !path.includes("\0"));

const Token = z.string().regex(/^\S+$/);
const Port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.int().max(65_535));
/** A name or address; `host:port` is refused, an IPv6 address has more than one colon. */
const Host = z.string().regex(/^([A-Za-z0-9._-]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%a-z]*)$/);

const Known = z.object({
  WARDROOM_CONFIG: Folder.optional(),
  WARDROOM_STATE: Folder.optional(),
  WARDROOM_TERMINAL: z.enum(terminals).default("socket"),
  PORT: Port.default(7700),
  HOST: Host.default("127.0.0.1"),
  LOG_LEVEL: z.enum(logLevels).default("info"),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  // One that is rotated has a prefix before its own.
  SLACK_BOT_TOKEN: Token.regex(/^(?:xoxe\.)?xoxb-/).optional(),
  SLACK_APP_TOKEN: Token.regex(/^xapp-/).optional(),
  SLACK_SIGNING_SECRET: Token.optional(),
  SLACK_API_URL: Url.optional(),
  DISCORD_TOKEN: Token.optional(),
  DISCORD_GUILD_ID: z
    .string()
    .regex(/^\d{17,20}$/)
    .optional(),
  DISCORD_API_URL: Url.optional(),
});

const wanted: Readonly<Record<keyof typeof Known.shape, { readonly form: string; readonly example: string }>> = {
  WARDROOM_CONFIG: { form: "a folder", example: "/etc/wardroom" },
  WARDROOM_STATE: { form: "a folder", example: ".wardroom/live" },
  WARDROOM_TERMINAL: { form: `one of ${terminals.join(", ")}`, example: "socket" },
  PORT: { form: "a whole number from 0 to 65535", example: "7700" },
  HOST: { form: "an address or host name without scheme and port", example: "127.0.0.1" },
  LOG_LEVEL: { form: `one of ${logLevels.join(", ")}`, example: "info" },
  REDIS_URL: { form: "an address that starts with redis:// or rediss://", example: "redis://127.0.0.1:6379" },
  SLACK_BOT_TOKEN: { form: "a bot's token, which starts with xoxb-", example: "xoxb-…" },
  SLACK_APP_TOKEN: { form: "an app-level token, which starts with xapp-", example: "xapp-…" },
  SLACK_SIGNING_SECRET: { form: "a secret without spaces", example: "…" },
  SLACK_API_URL: { form: "an address that starts with http:// or https://", example: "https://slack.com/api/" },
  DISCORD_TOKEN: { form: "a token without spaces", example: "…" },
  DISCORD_GUILD_ID: { form: "a server's id of 17 to 20 digits", example: "109301234567890123" },
  DISCORD_API_URL: { form: "an address that starts with http:// or https://", example: "https://discord.com/api" },
};

/** Takes variables from `.env` in the working folder, where there is one; what is set already stays. */
export function readDotEnv(): void {
  if (existsSync(".env")) process.loadEnvFile(".env");
}

/** What is set, as it was given: for whoever adds to it. */
export function setVariables(): Variables {
  return { ...process.env };
}

/** The names of every variable that is read; `.env.example` lists the same. */
export const variableNames = Known.keyof().options;

/** Would the variable be taken with this value? */
export function variableFits(name: keyof typeof Known.shape, value: string): boolean {
  return Known.shape[name].safeParse(value).success;
}

/**
 * Reads the environment. A variable that is set but empty counts as unset, as container files write it. All problems
 * come back at once, and none shows a value. What is secret of it is masked by its value from then on, also where the
 * variable is not in order: a token with a space too much is one still.
 */
export function readEnvironment(
  variables: Variables = process.env,
): { readonly environment: Environment } | { readonly problems: readonly EnvironmentProblem[] } {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ""));
  rememberOwnSecrets(set);
  const parsed = Known.safeParse(set);
  const problems = [...misspelt(set), ...variableNames.flatMap((name) => wrong(name, set[name], parsed.error))];
  // Said only of values that are well themselves: one mistake, one line.
  if (problems.length === 0) problems.push(...incomplete(set));
  if (!parsed.success || problems.length > 0) return { problems };
  return { environment: fromKnown(parsed.data, set) };
}

const ownSecrets = ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "DISCORD_TOKEN"] as const;

function rememberOwnSecrets(set: Variables): void {
  for (const name of ownSecrets) rememberSecret((set[name] ?? "").trim());
  const store = set["REDIS_URL"] ?? "";
  if (!URL.canParse(store)) return;
  const { password } = new URL(store);
  rememberSecret(password);
  rememberSecret(decodedOrSame(password));
}

function decodedOrSame(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function fromKnown(known: z.output<typeof Known>, variables: Variables): Environment {
  const production = [known.WARDROOM_CONFIG, known.SLACK_BOT_TOKEN, known.SLACK_APP_TOKEN, known.DISCORD_TOKEN].some(
    (value) => value !== undefined,
  );
  return {
    production,
    configFolder: known.WARDROOM_CONFIG,
    // Neither kind of bot runs on the other's state, and whoever has tried the demo goes on with a real one.
    stateFolder: known.WARDROOM_STATE ?? (production ? ".wardroom/live" : ".wardroom"),
    terminal: known.WARDROOM_TERMINAL,
    port: known.PORT,
    host: known.HOST,
    logLevel: known.LOG_LEVEL,
    redisUrl: known.REDIS_URL,
    slack: known.SLACK_BOT_TOKEN === undefined ? undefined : slackAccess(known, known.SLACK_BOT_TOKEN),
    discord: discordAccess(known),
    variables,
  };
}

function slackAccess(known: z.output<typeof Known>, botToken: string): SlackAccess {
  return {
    botToken,
    appToken: known.SLACK_APP_TOKEN,
    signingSecret: known.SLACK_SIGNING_SECRET,
    apiUrl: known.SLACK_API_URL?.replace(/\/*$/, "/"),
  };
}

function discordAccess(known: z.output<typeof Known>): DiscordAccess | undefined {
  const { DISCORD_TOKEN: token, DISCORD_GUILD_ID: guildId, DISCORD_API_URL: apiUrl } = known;
  if (token === undefined || guildId === undefined) return undefined;
  return { token, guildId, apiUrl: apiUrl?.replace(/\/+$/, "") };
}

/** Half of what a platform needs would leave the bot silent there, and nobody told. */
function incomplete(set: Variables): EnvironmentProblem[] {
  const has = (name: keyof typeof wanted) => set[name] !== undefined;
  const problems: EnvironmentProblem[] = [];
  const slack = has("SLACK_APP_TOKEN") || has("SLACK_SIGNING_SECRET");
  if (slack && !has("SLACK_BOT_TOKEN"))
    problems.push({
      variable: "SLACK_BOT_TOKEN",
      message: "is missing beside the other Slack variables",
      remedy: "Set it to the token under OAuth & Permissions of the app, which begins with xoxb-.",
    });
  if (has("SLACK_BOT_TOKEN") && !slack)
    problems.push({
      variable: "SLACK_APP_TOKEN",
      message: "is missing: without it, or SLACK_SIGNING_SECRET for events over HTTP, nothing that people say arrives",
      remedy:
        "Make an app-level token with connections:write under Basic Information of the app; it begins with xapp-.",
    });
  if (has("DISCORD_TOKEN") && !has("DISCORD_GUILD_ID"))
    problems.push({
      variable: "DISCORD_GUILD_ID",
      message: "is missing: the bot works in one server and has to be told which",
      remedy: `Copy the server's id in Discord (developer mode on) and set DISCORD_GUILD_ID=${wanted.DISCORD_GUILD_ID.example}`,
    });
  return problems;
}

function wrong(name: keyof typeof wanted, value: string | undefined, error: z.ZodError | undefined) {
  if (value === undefined) return [];
  if (/^\s|\s$|^(["']).*\1$/s.test(value)) {
    const message = "starts or ends with a space or is wrapped in quotes, which are part of the value here";
    return [{ variable: name, message, remedy: `Write it bare: ${name}=${wanted[name].example}` }];
  }
  if (!error?.issues.some((issue) => issue.path[0] === name)) return [];
  const { form, example } = wanted[name];
  return [{ variable: name, message: `is not ${form}`, remedy: `Set it like ${name}=${example}, or unset it.` }];
}

/**
 * A misspelt name would leave the bot in the demo, open to whoever reaches the console; so a name close to one of ours
 * is refused.
 */
function misspelt(variables: Variables): EnvironmentProblem[] {
  return Object.keys(variables).flatMap((name) => {
    if (!/^(WARDROOM|SLACK|DISCORD)_/.test(name) || variableNames.some((each) => each === name)) return [];
    const meant = variableNames.find((each) => distance(each, name) <= 2);
    if (meant === undefined || variables[meant] !== undefined) return [];
    return [{ variable: name, message: `is not read; ${meant} is`, remedy: `Rename it to ${meant}, or unset it.` }];
  });
}
