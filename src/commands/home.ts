import { z } from "zod";
import { incidentItem } from "../cards/incident.ts";
import { stateWords } from "../domain/approvals/request.ts";
import { lapsesAt, whoCouldApprove } from "../domain/approvals/request-rules.ts";
import { type CommandContext, defineCommand } from "../domain/commands/command.ts";
import type { Block, CardAction, ListItem, Tone } from "../domain/messages/card.ts";
import { span } from "../domain/text/quantities.ts";
import { openRequests, type ReadRequest } from "../records/request.ts";
import { readableSystems } from "./fields.ts";
import { type Firing, firingItems, firingNow } from "./firing.ts";
import { incidentsSeen } from "./incident.ts";

export const home = defineCommand({
  name: "home",
  summary: "What waits for you, and what is on fire",
  permission: "read",
  examples: ["home"],
  input: z.object({}),
  async run(_input, context) {
    const systems = readableSystems(context);
    const readable = new Set(systems.map((each) => each.id));
    const [firing, open, incidents] = await Promise.all([
      firingNow(context, systems),
      openRequests(context.store),
      incidentsSeen(context),
    ]);
    const seen = open.filter(({ sealed }) => readable.has(sealed.system));
    const yours = seen.filter((each) => waitsFor(context, each));
    const others = seen.filter((each) => !yours.includes(each));
    return {
      private: true,
      card: {
        tone: toneOf(firing, yours.length),
        title: yours.length === 0 ? "Nothing waits for you" : `${yours.length} waiting for you`,
        summary: fireWords(firing),
        blocks: [
          ...section(
            "Waiting for your decision",
            yours.map((each) => requestItem(context, each)),
          ),
          ...section("Firing", firingItems(firing, context.invocation.now)),
          ...section(
            "Incidents",
            incidents.map((each) => incidentItem(each, context.invocation.now)),
          ),
          ...section(
            "Open besides",
            others.map((each) => requestItem(context, each)),
          ),
        ],
        actions: yours.slice(0, 5).map(showAction),
      },
    };
  },
});

function waitsFor(context: CommandContext, { request, sealed }: ReadRequest): boolean {
  if (request.state !== "PENDING") return false;
  const able = whoCouldApprove(request, sealed, context.people.policy());
  return able.some(({ person, can }) => can && person.id === context.invocation.person.id);
}

function requestItem({ invocation }: CommandContext, { request, sealed }: ReadRequest): ListItem {
  const until = lapsesAt(request, sealed);
  const left = until === undefined ? "" : `, ${span(Math.max(0, until - invocation.now))} left`;
  return {
    text: `${request.code}: ${sealed.operation} ${sealed.systemTitle}, ${stateWords(request.state)}, asked by ${sealed.requester.name}${left}`,
    tone: "warning",
  };
}

function showAction({ request }: ReadRequest): CardAction {
  return { label: `Show ${request.code}`, command: "confirm show", args: { request: request.id } };
}

function section(title: string, items: readonly ListItem[]): Block[] {
  return items.length === 0
    ? []
    : [
        { kind: "text", text: title },
        { kind: "list", items },
      ];
}

function toneOf(firing: Firing, waiting: number): Tone {
  if (firing.alerts.some((alert) => alert.severity === "critical")) return "bad";
  if (firing.unread.length > 0) return "unknown";
  return firing.alerts.length > 0 || waiting > 0 ? "warning" : "good";
}

function fireWords({ alerts, unread, sources }: Firing): string {
  const said = alerts.length === 0 ? "Nothing is firing" : `${alerts.length} firing`;
  return unread.length === 0
    ? `${said}.`
    : `${said} that could be read; ${unread.length} of ${sources} sources could not.`;
}
