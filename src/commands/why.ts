import { z } from "zod";
import { foresee, type Planned, type Wanted } from "../acts/approvals/plan.ts";
import { argumentsItem, askingItems, refusalItem, type WhyAnswer, type WhyLine, whyCard } from "../cards/why.ts";
import { unplannedOutlook } from "../domain/approvals/outlook.ts";
import { isReducing } from "../domain/approvals/request.ts";
import { type CatalogueEntry, entryAt } from "../domain/commands/catalogue.ts";
import { type CommandContext, defineCommand, viewerOf } from "../domain/commands/command.ts";
import type { ListItem } from "../domain/messages/card.ts";
import type { Place } from "../domain/messages/place.ts";
import { ownValue } from "../domain/own-value.ts";
import { channelAt, channelWords, decide, type Policy } from "../domain/people/policy.ts";
import { may } from "../domain/people/viewer.ts";
import type { Systems } from "../domain/systems/system.ts";
import { commandRights } from "../reads/command-rights.ts";
import { askingAhead, heldBackNow, metByAsking } from "../reads/outlook.ts";
import { unknownSystem } from "../reads/visible-systems.ts";
import { noSuchCommand } from "./no-such-command.ts";
import { noSuchOperation } from "./no-such-operation.ts";
import { requiredArguments } from "./operation-input.ts";
import { whyOfRequest } from "./why-request.ts";

/** Says what would happen, by the rules that asking goes by. Names no system and no request that the person may not see. */
export const why = defineCommand({
  name: "why",
  summary: "Why you may, or may not, use a command here, and what would come of it",
  permission: "read",
  open: true,
  examples: ["why {short}", "why {short} {system}"],
  input: z.object({
    command: z.string().min(1).max(100).meta({
      label: "Command",
      help: "A command, and a system, an operation or a request if you like",
      positional: true,
      rest: true,
      suggest: "commands",
    }),
  }),
  async run({ command }, context) {
    const { catalogue, invocation } = context;
    const found = entryAt(command, catalogue);
    if (!found) throw noSuchCommand(command, { entries: catalogue.entries, verb: "why" }, context);
    const { person, place } = invocation;
    const who = { name: person.name, place: placeWords(place, context.people.policy()) };
    const { takes, lines } = (await whyOfRequest(found, context)) ?? (await onCommand(found, context));
    return { private: true, card: whyCard({ name: found.entry.name, takes }, lines, who) };
  },
});

function placeWords(place: Place, policy: Policy): string {
  if (place.direct) return "a direct message";
  const id = channelAt(place, policy);
  return id === undefined ? "a channel that Wardroom does not work in" : `the channel ${channelWords(id, policy)}`;
}

async function onCommand(
  { entry, rest }: { readonly entry: CatalogueEntry; readonly rest: string },
  context: CommandContext,
): Promise<WhyAnswer> {
  const { systems } = context;
  const viewer = viewerOf(context);
  const [first = "", second] = rest.toLowerCase().split(/\s+/);
  const asked = first.replace(/^system[:=]/, "");
  const named = asked === "" || isOtherField(asked) ? undefined : asked;
  const system = named === undefined ? undefined : systems.find(named);
  if (named !== undefined && !system && entry.systemField !== undefined) throw unknownSystem(systems, viewer, named);
  const operation = entry.name === "run" ? second?.replace(/^operation[:=]/, "") : operationOf(entry, systems);
  // What a system has is told to those who may see it, also where they may not ask.
  const isSeen = system !== undefined && may(viewer, "read", system.id).allowed;
  if (isSeen && operation !== undefined && !ownValue(system.operations, operation))
    throw noSuchOperation(system, operation);
  const typed = rest.split(/\s+/).length > (entry.name === "run" ? 2 : 1) ? `${entry.name} ${rest}` : undefined;
  const rights = commandRights(entry, systems, viewer, named);
  const lines = await Promise.all(
    rights.map(async ({ system: id, verdict }): Promise<WhyLine> => {
      const line = { about: id, verdict };
      return verdict.allowed && id !== undefined && operation !== undefined
        ? onOperation({ system: id, operation, typed }, line, context)
        : line;
    }),
  );
  return { takes: `the right to ${entry.permission}`, lines };
}

/** `source:api`, `--since`: a field that says nothing of who may. */
function isOtherField(word: string): boolean {
  return /^(?:--|[a-z][a-z0-9_-]*[:=])/.test(word);
}

/** The operation that a command is the short form of. */
function operationOf({ name }: CatalogueEntry, systems: Systems): string | undefined {
  return systems.all().some(({ operations }) => ownValue(operations, name)) ? name : undefined;
}

/** Who would have to agree, and what is in the way; nothing more for a command that is no operation. */
async function onOperation(
  asked: { readonly system: string; readonly operation: string; readonly typed: string | undefined },
  line: WhyLine,
  context: CommandContext,
): Promise<WhyLine> {
  const system = context.systems.find(asked.system);
  const operation = system && ownValue(system.operations, asked.operation);
  if (!system || !operation) return line;
  const { person, place } = context.invocation;
  const right = decide({ person, place, permission: operation.permission, system: system.id }, context.people.policy());
  if (!right.allowed) return { ...line, verdict: right };
  const wanted: Wanted = { system, name: asked.operation, operation, arguments: {} };
  const lacking = requiredArguments(operation);
  if (lacking !== "" || asked.typed !== undefined) {
    const typed = asked.typed ?? `run ${system.id} ${asked.operation} ${lacking.trim()}`;
    return { ...line, outcome: [...(await unplanned(wanted, context)), argumentsItem(`${typed} --dry-run`)] };
  }
  const foreseen = await foresee(context.systems, wanted);
  if (foreseen.comes === "plan") return { ...line, ...(await planned(foreseen.planned, context)) };
  const outcome = [refusalItem(foreseen), ...(await unplanned(wanted, context))];
  return { ...line, now: foreseen.known ? "refused" : "unknown", outcome };
}

/** What is planned is told exactly as asking for it would go. */
async function planned(
  { system, ...made }: Planned,
  { store, people, invocation: { person, now } }: CommandContext,
): Promise<Pick<WhyLine, "now" | "outcome">> {
  const by = { person: person.id, policy: people.policy(), now };
  const ahead = await askingAhead(store, { ...made, system: system.id }, by);
  const isRefused = ahead.outlook.asks === "refused" || ahead.held !== undefined;
  return { ...(isRefused && { now: "refused" }), outcome: askingItems({ ...ahead, now, of: system.title }) };
}

/** What can be said with no plan: at the gravest that the operation may be, of all that it may concern. */
async function unplanned(
  { system, name, operation }: Wanted,
  { store, people, invocation: { person, now } }: CommandContext,
): Promise<readonly ListItem[]> {
  const asked = { system: system.id, operation: name };
  const outlook = unplannedOutlook({ ...asked, requester: person.id }, operation, people.policy());
  // What is urgent, and what nobody has to decide, is held back by nothing.
  const isCounted = outlook.asks === "people" && !operation.urgent;
  const held = isCounted
    ? await heldBackNow(store, { ...asked, reduces: isReducing(operation), person: person.id, now })
    : undefined;
  const met = await metByAsking(store, { ...asked, of: operation });
  return askingItems({ outlook, held, met, lockUnread: false, now, of: system.title });
}
