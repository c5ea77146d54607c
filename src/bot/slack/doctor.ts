import { LogLevel, WebClient } from "@slack/web-api";
import { z } from "zod";
import type { Card } from "../../domain/messages/card.ts";
import { type Diagnosis, notAsked } from "../chat/diagnosis.ts";
import { outageWords } from "../chat/platform-fault.ts";
import { groupsRemedy, slackFaultOf } from "./faults.ts";
import { botScopes, roomScopes } from "./manifest.ts";
import { renderSlackMessage } from "./render/message.ts";

export interface SlackPatient {
  readonly botToken: string;
  readonly appToken?: string | undefined;
  readonly apiUrl?: string | undefined;
  readonly team?: string | undefined;
  /** Configured channels and user groups, by Slack's ids. */
  readonly channels: readonly string[];
  readonly groups: readonly string[];
  /** Incidents have rooms there. */
  readonly hasRooms: boolean;
}

const callMs = 8_000;
/** Of use only where the config names a user group. */
const groupsScope = "usergroups:read";
const clockMs = 2_000;

/** Looks at everything about Slack that can be wrong, and says what to do. Changes nothing; never rejects. */
export async function examineSlack(patient: SlackPatient): Promise<Diagnosis[]> {
  const client = clientFor(patient.botToken, patient.apiUrl);
  const token = await examineToken(client, patient);
  if (token.known === "not asked") return token.findings;
  const findings = [...token.findings, ...(await examineAppToken(patient))];
  if (token.known === "refused") return findings;
  return [
    ...findings,
    ...(await examineClock(patient.apiUrl)),
    ...(await examineBlocks(client)),
    ...(await Promise.all(patient.channels.map((channel) => examineChannel(client, channel)))),
    ...(await examineGroups(client, patient.groups)),
  ];
}

function clientFor(token: string, apiUrl: string | undefined): WebClient {
  return new WebClient(token, {
    retryConfig: { retries: 1 },
    timeout: callMs,
    // What goes wrong is told as a finding.
    logLevel: LogLevel.ERROR,
    ...(apiUrl !== undefined && { slackApiUrl: apiUrl }),
  });
}

async function examineToken(
  client: WebClient,
  { team, groups, hasRooms }: SlackPatient,
): Promise<{ readonly known: "taken" | "refused" | "not asked"; readonly findings: Diagnosis[] }> {
  try {
    const answer = await client.auth.test();
    const own = z.string().parse(answer.team_id);
    const scopes = answer.response_metadata?.scopes ?? [];
    const needed = Object.keys(botScopes).filter(
      (scope) => (scope !== groupsScope || groups.length > 0) && (hasRooms || !roomScopes.includes(scope)),
    );
    const missing = needed.filter((scope) => !scopes.includes(scope));
    const findings = [
      { what: `Slack knows the bot as ${answer.user ?? "?"} in ${answer.team ?? own} (${own})` },
      team === undefined || team === own
        ? { what: "It is the workspace that is configured" }
        : {
            what: `It is not the workspace that is configured, ${team}`,
            remedy: "Set the token of that workspace, or mend slack.team in wardroom.yaml.",
          },
      missing.length === 0
        ? { what: "The app has every scope that it needs" }
        : {
            what: `The app lacks ${missing.join(", ")}`,
            remedy:
              "Paste the output of `npx --no wardroom slack manifest` into the app's manifest and install it again.",
          },
    ];
    return { known: "taken", findings };
  } catch (error) {
    if (slackFaultOf(error).kind !== "said-no")
      return { known: "not asked", findings: [notAsked("Slack", "SLACK_API_URL", wordsOf(error))] };
    const what = `Slack does not take the bot's token (${wordsOf(error)})`;
    const remedy = "Install the app to the workspace and set SLACK_BOT_TOKEN to its Bot User OAuth Token.";
    return { known: "refused", findings: [{ what, remedy }] };
  }
}

async function examineAppToken({ appToken, apiUrl }: SlackPatient): Promise<Diagnosis[]> {
  if (appToken === undefined) return [{ what: "Events come over HTTP: Slack has to reach this machine" }];
  try {
    await clientFor(appToken, apiUrl).apps.connections.open({});
    return [{ what: "A socket can be opened" }];
  } catch (error) {
    const code = wordsOf(error);
    const remedy =
      code === "link_disabled"
        ? "Turn Socket Mode on in the app's settings."
        : "Make an app-level token with connections:write under Basic Information and set SLACK_APP_TOKEN.";
    return [{ what: `No socket can be opened (${code})`, remedy }];
  }
}

async function examineClock(apiUrl = "https://slack.com/api/"): Promise<Diagnosis[]> {
  try {
    const answer = await fetch(`${apiUrl}api.test`, { method: "POST", signal: AbortSignal.timeout(callMs) });
    const skewMs = Math.abs(Date.parse(answer.headers.get("date") ?? "") - Date.now());
    // The header has whole seconds.
    if (!(skewMs > clockMs + 1_000)) return [{ what: "This machine's clock agrees with Slack's" }];
    return [
      {
        what: `This machine's clock is ${Math.round(skewMs / 1_000)} s away from Slack's`,
        remedy: "Let it be set by NTP, for example: timedatectl set-ntp true",
      },
    ];
  } catch {
    return [];
  }
}

/** One of everything that cards are made of. */
const sample: Card = {
  tone: "warning",
  title: "A card",
  summary: "With one of everything.",
  blocks: [
    { kind: "text", text: "Text" },
    { kind: "fields", fields: [{ name: "Field", value: "value" }] },
    { kind: "table", columns: [{ title: "Column" }], rows: [["cell"]] },
    { kind: "code", text: "code" },
    { kind: "list", ordered: true, items: [{ text: "item" }] },
    { kind: "moment", label: "Moment", at: 0 },
  ],
  actions: [{ id: "sample", label: "Button", style: "danger", command: "help", args: {} }],
  footer: "Footer",
};

/** Has Slack look at what cards are made of, without posting any. A Slack that cannot be asked so says nothing. */
async function examineBlocks(client: WebClient): Promise<Diagnosis[]> {
  const { blocks } = renderSlackMessage(sample, { images: new Map(), now: Date.now() });
  try {
    await client.blocks.validate({ blocks });
    return [{ what: "Slack takes what cards are made of" }];
  } catch (error) {
    const code = wordsOf(error);
    if (!code.startsWith("invalid_blocks")) return [];
    const remedy = "Until they are mended, cards go as plain text. Look for a newer Wardroom.";
    return [{ what: `Slack does not take what cards are made of (${code})`, remedy }];
  }
}

async function examineChannel(client: WebClient, id: string): Promise<Diagnosis> {
  try {
    const { channel } = await client.conversations.info({ channel: id });
    const name = `#${channel?.name ?? id}`;
    if (channel?.is_archived)
      return { what: `${name} is archived`, remedy: "Unarchive it, or take it out of wardroom.yaml." };
    if (channel?.is_member) return { what: `The bot is in ${name}` };
    return { what: `The bot is not in ${name}`, remedy: `Say there: /invite @Wardroom` };
  } catch (error) {
    return {
      what: `The channel ${id} cannot be seen (${wordsOf(error)})`,
      remedy: "Check the id in wardroom.yaml; in a private channel say /invite @Wardroom.",
    };
  }
}

async function examineGroups(client: WebClient, wanted: readonly string[]): Promise<Diagnosis[]> {
  if (wanted.length === 0) return [];
  try {
    const { usergroups = [] } = await client.usergroups.list({});
    return wanted.map((id) =>
      usergroups.some((group) => group.id === id)
        ? { what: `The user group ${id} is there` }
        : { what: `There is no user group ${id}`, remedy: "Correct its id under groups in wardroom.yaml." },
    );
  } catch (error) {
    const why = wordsOf(error);
    return [{ what: `User groups cannot be read (${why}), so nobody has a role by one`, remedy: groupsRemedy(why) }];
  }
}

function wordsOf(error: unknown): string {
  const fault = slackFaultOf(error);
  return fault.kind === "said-no" ? fault.code : outageWords(fault);
}
