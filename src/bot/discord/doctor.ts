import { ApplicationFlags, REST, Routes } from "discord.js";
import { z } from "zod";
import type { Command } from "../../domain/commands/command.ts";
import { type Diagnosis, notAsked } from "../chat/diagnosis.ts";
import { outageWords } from "../chat/platform-fault.ts";
import { codes, discordFaultOf, discordTroubleOf, tokenTrouble } from "./faults.ts";
import { roomIntents } from "./intents.ts";
import { inviteLink, missingPermissions } from "./permissions.ts";
import { commandsDiffer, registerCommands } from "./register.ts";
import { restOptions } from "./rest-options.ts";

export interface DiscordPatient {
  readonly token: string;
  readonly guildId: string;
  readonly apiUrl?: string | undefined;
  /** Configured channels and roles, by Discord's ids. */
  readonly channels: readonly string[];
  /** Those of the channels below which incidents have rooms. */
  readonly rooms?: readonly string[];
  readonly roles: readonly string[];
  readonly commands: readonly Command[];
}

const Application = z.object({ id: z.string(), flags: z.number().default(0) });
const Guild = z.object({
  name: z.string(),
  roles: z.array(z.object({ id: z.string(), name: z.string(), permissions: z.string() })),
});
const Member = z.object({ roles: z.array(z.string()) });
const Channel = z.object({
  name: z.string().default(""),
  permission_overwrites: z.array(z.object({ id: z.string(), allow: z.string(), deny: z.string() })).default([]),
});

interface Known {
  readonly rest: REST;
  readonly patient: DiscordPatient;
  readonly application: string;
  /** Discord's ApplicationFlags. */
  readonly flags: number;
}

const callMs = 8_000;

/** Looks at everything about Discord that can be wrong, and says what to do. Changes nothing; never rejects. */
export async function examineDiscord(patient: DiscordPatient): Promise<Diagnosis[]> {
  const found = await joined(patient);
  if ("findings" in found) return found.findings;
  const { known, guild, findings } = { ...found, findings: [] as Diagnosis[] };
  findings.push(
    { what: `The bot is in the server ${guild.name}` },
    examineIntents(known.flags, (patient.rooms ?? []).length > 0),
  );
  for (const id of patient.channels) findings.push(await examineChannel(known, guild, id));
  for (const id of patient.roles) {
    const role = guild.roles.find((each) => each.id === id);
    findings.push(
      role
        ? { what: `The role ${role.name} is there` }
        : { what: `There is no role ${id}`, remedy: "Correct its id under groups in wardroom.yaml." },
    );
  }
  findings.push(await examineCommands(known));
  return findings;
}

/** Registers the commands. Answers what was done, or what keeps it from being done. */
export async function registerWithDiscord(
  patient: DiscordPatient,
): Promise<{ readonly findings: Diagnosis[]; readonly invite?: string }> {
  const found = await joined(patient);
  // Before it is invited there is nothing to register with; it registers them itself when it starts.
  if ("findings" in found && found.absent)
    return {
      ...found,
      findings: [
        { what: "The bot is not in the server yet: open the link. Its commands are registered when it starts" },
      ],
    };
  if ("findings" in found) return found;
  const { rest, application } = found.known;
  const invite = inviteLink(application);
  try {
    const changed = await registerCommands(rest, { application, guild: patient.guildId, commands: patient.commands });
    return {
      invite,
      findings: [{ what: changed ? "The commands are registered" : "The commands are registered already" }],
    };
  } catch (error) {
    return {
      invite,
      findings: [
        {
          what: `The commands could not be registered (${wordsOf(error)})`,
          remedy: `Invite the bot with this link: ${invite}`,
        },
      ],
    };
  }
}

async function joined(
  patient: DiscordPatient,
): Promise<
  | { readonly known: Known; readonly guild: z.output<typeof Guild> }
  | { readonly findings: Diagnosis[]; readonly invite?: string; readonly absent?: boolean }
> {
  const rest = new REST(restOptions({ apiUrl: patient.apiUrl, timeout: callMs, retries: 1 })).setToken(patient.token);
  let application = "";
  let flags = 0;
  try {
    ({ id: application, flags } = Application.parse(await rest.get(Routes.currentApplication())));
  } catch (error) {
    const refused = {
      what: `Discord does not take the bot's token (${wordsOf(error)})`,
      remedy: "Reset the token on the Bot page of the application and set DISCORD_TOKEN.",
    };
    return {
      // What answers anything else at that address is not Discord.
      findings: [
        discordTroubleOf(discordFaultOf(error)) === tokenTrouble
          ? refused
          : notAsked("Discord", "DISCORD_API_URL", wordsOf(error)),
      ],
    };
  }
  const invite = inviteLink(application);
  try {
    const guild = Guild.parse(await rest.get(Routes.guild(patient.guildId)));
    return { known: { rest, patient, application, flags }, guild };
  } catch (error) {
    if (discordFaultOf(error).kind !== "said-no")
      return { invite, findings: [notAsked("Discord", "DISCORD_API_URL", wordsOf(error))] };
    const what = `The bot is not in the server ${patient.guildId} (${wordsOf(error)})`;
    return {
      invite,
      absent: true,
      findings: [{ what, remedy: `Check DISCORD_GUILD_ID, or invite the bot with this link: ${invite}` }],
    };
  }
}

const privileged = [
  ["Presence", ApplicationFlags.GatewayPresence | ApplicationFlags.GatewayPresenceLimited],
  ["Server Members", ApplicationFlags.GatewayGuildMembers | ApplicationFlags.GatewayGuildMembersLimited],
  ["Message Content", ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited],
] as const;

/** Everything it cannot do without is open to every bot, so no switch can be missing; one that is on and of no use lets it see more than it needs. */
function examineIntents(flags: number, hasRooms: boolean): Diagnosis {
  const off = hasRooms ? roomIntents.filter(({ switches }) => (flags & switches) === 0) : [];
  if (off.length > 0)
    return {
      what: `It does not hear ${off.map(({ without }) => without).join("; ")}: turn ${off.map(({ called }) => called).join(" and ")} on on the Bot page for that`,
    };
  if (hasRooms) return { what: "It hears what is said in rooms of incidents, and who joins them" };
  const on = privileged.filter(([, bits]) => (flags & bits) !== 0).map(([name]) => name);
  const what = "It asks for no privileged intent, so none has to be on";
  return { what: on.length === 0 ? what : `${what}; ${on.join(", ")} may be turned off on the Bot page` };
}

async function examineChannel(
  { rest, patient, application }: Known,
  guild: z.output<typeof Guild>,
  id: string,
): Promise<Diagnosis> {
  try {
    const channel = Channel.parse(await rest.get(Routes.channel(id)));
    const member = Member.parse(await rest.get(Routes.guildMember(patient.guildId, application)));
    const missing = missingPermissions({
      guild: patient.guildId,
      member: { id: application, roles: member.roles },
      roles: guild.roles,
      overwrites: channel.permission_overwrites,
      hasRooms: patient.rooms?.includes(id) ?? false,
    });
    if (missing.length === 0) return { what: `The bot may write in #${channel.name}` };
    return {
      what: `In #${channel.name} the bot lacks ${missing.join(", ")}`,
      remedy: "Give its role these rights in the channel's permissions.",
    };
  } catch (error) {
    return {
      what: `The channel ${id} cannot be seen (${wordsOf(error)})`,
      remedy: "Check the id in wardroom.yaml, and give the bot View Channels there.",
    };
  }
}

async function examineCommands({ rest, patient, application }: Known): Promise<Diagnosis> {
  try {
    const differ = await commandsDiffer(rest, { application, guild: patient.guildId, commands: patient.commands });
    if (!differ) return { what: "The commands are registered" };
    return { what: "The registered commands differ from those of the config; the bot registers them when it starts" };
  } catch (error) {
    return {
      what: `The commands cannot be read (${wordsOf(error)})`,
      remedy: `Invite the bot again: ${inviteLink(application)}`,
    };
  }
}

function wordsOf(error: unknown): string {
  const fault = discordFaultOf(error);
  if (fault.kind !== "said-no") return outageWords(fault);
  return fault.code === codes.missingAccess ? "no access" : String(fault.code === 0 ? fault.status : fault.code);
}
