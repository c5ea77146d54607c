import { appendFileSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { stringify } from "yaml";
import { UserError } from "../domain/failure.ts";
import { inClone } from "./config.ts";

const options = {
  name: { type: "string" },
  "slack-user": { type: "string" },
  "slack-channel": { type: "string" },
  "discord-user": { type: "string" },
  "discord-channel": { type: "string" },
} as const;

const shapes: Readonly<
  Record<Exclude<keyof typeof options, "name">, { readonly shape: RegExp; readonly where: string }>
> = {
  "slack-user": {
    shape: /^[UW][A-Z0-9]{2,20}$/,
    where: "In Slack: your profile, ⋮, Copy member ID. It begins with U.",
  },
  "slack-channel": {
    shape: /^[CG][A-Z0-9]{2,20}$/,
    where: "In Slack: the channel's name, About, at the bottom. It begins with C.",
  },
  "discord-user": {
    shape: /^\d{17,20}$/,
    where: "In Discord, with developer mode on: right-click yourself, Copy User ID.",
  },
  "discord-channel": {
    shape: /^\d{17,20}$/,
    where: "In Discord, with developer mode on: right-click the channel, Copy Channel ID.",
  },
};

interface Given {
  readonly name: string;
  readonly surface: "slack" | "discord";
  readonly user: string;
  readonly channel: string;
}

/** `wardroom init [folder] --slack-user U… --slack-channel C… …`: a config to begin with. It never overwrites anything. */
export async function init(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args);
  const folder = positionals[0] ?? "wardroom-config";
  const given = (["slack", "discord"] as const).flatMap((surface) => givenFor(surface, values));
  if (given.length === 0)
    throw new UserError(
      "Say who you are and where the bot is to listen.",
      `npx --no wardroom init --slack-user U… --slack-channel C…, or --discord-user … --discord-channel …\n${Object.values(
        shapes,
      )
        .map((each) => each.where)
        .join("\n")}`,
    );
  if (existsSync(join(folder, "wardroom.yaml")))
    throw new UserError(
      `${folder}/wardroom.yaml is there already.`,
      "Edit it, or name another folder: wardroom init <folder>",
    );
  mkdirSync(join(folder, "systems"), { recursive: true });
  writeFileSync(join(folder, "wardroom.yaml"), wardroomYaml(given), { flag: "wx" });
  writeFileSync(join(folder, "people.yaml"), peopleYaml(given), { flag: "wx" });
  for (const file of readdirSync(inClone("systems")))
    copyFileSync(inClone(`systems/${file}`), join(folder, "systems", file));
  const noted = noteInDotEnv(folder);
  process.stdout.write(
    `${folder}/ holds your config: you may do everything, on two simulated systems.\n` +
      "Nothing destructive can be approved until people.yaml names a second person who may approve.\n" +
      `${noted ? "WARDROOM_CONFIG is in .env." : `Set WARDROOM_CONFIG=${folder}.`} Start the bot with: npm start\n`,
  );
  return 0;
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : "The arguments could not be read.");
  }
}

function givenFor(
  surface: "slack" | "discord",
  values: Readonly<Partial<Record<keyof typeof options, string>>>,
): Given[] {
  const user = checked(`${surface}-user`, values);
  const channel = checked(`${surface}-channel`, values);
  if (user === undefined && channel === undefined) return [];
  if (user !== undefined && channel !== undefined) return [{ surface, user, channel, name: values.name ?? "Owner" }];
  const missing = user === undefined ? (`${surface}-user` as const) : (`${surface}-channel` as const);
  throw new UserError(`--${missing} is missing.`, shapes[missing].where);
}

function checked(
  option: keyof typeof shapes,
  values: Readonly<Partial<Record<keyof typeof options, string>>>,
): string | undefined {
  const value = values[option];
  if (value !== undefined && !shapes[option].shape.test(value))
    throw new UserError(`--${option} takes an id, not a name.`, shapes[option].where);
  return value;
}

/** Rights that stand in two places are two: who changes one of them means that one. */
const plain = { aliasDuplicateObjects: false };

function wardroomYaml(given: readonly Given[]): string {
  const allow = ["read", "query", "respond", "ask", "approve", "stop", "audit", "administer"];
  const channels = given.map(({ surface, channel }) => ({
    id: `${surface}-ops`,
    title: `Operations on ${surface === "slack" ? "Slack" : "Discord"}`,
    surface,
    channel,
    systems: "*",
    allow,
    requests: true,
    operator: true,
  }));
  const terminal = {
    id: "terminal",
    title: "The terminal",
    surface: "terminal",
    channel: "terminal",
    systems: "*",
    allow,
  };
  const file = {
    version: 1,
    roles: [
      { id: "viewer", title: "Viewer", may: ["read"] },
      { id: "operator", title: "Operator", may: ["read", "query", "respond", "ask"] },
      { id: "approver", title: "Approver", may: ["read", "respond", "approve", "audit"] },
      { id: "lead", title: "On-call lead", may: allow },
    ],
    channels: [...channels, terminal],
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

function peopleYaml(given: readonly Given[]): string {
  const accounts = { ...Object.fromEntries(given.map(({ surface, user }) => [surface, [user]])), terminal: ["owner"] };
  const owner = { id: "owner", name: given[0]?.name ?? "Owner", accounts, grants: [{ role: "lead", systems: "*" }] };
  return `# Who is who, by the platforms' own ids. Destructive operations need a second person: add one with the role approver.\n${stringify({ people: [owner] }, plain)}`;
}

/** True when `.env` now says where the config is. What it says already stays. */
function noteInDotEnv(folder: string): boolean {
  const text = existsSync(".env") ? readFileSync(".env", "utf8") : "";
  if (/^\s*WARDROOM_CONFIG=/m.test(text)) return false;
  appendFileSync(".env", `${text === "" || text.endsWith("\n") ? "" : "\n"}WARDROOM_CONFIG=${resolve(folder)}\n`, {
    mode: 0o600,
  });
  return true;
}
