import { z } from "zod";
import { askingItems, type WhyLine, whyCard } from "../cards/why.ts";
import type { DecisionVerb } from "../domain/approvals/decision.ts";
import { askingOutlook } from "../domain/approvals/outlook.ts";
import { askedWords } from "../domain/approvals/request.ts";
import { type CatalogueEntry, entryAt } from "../domain/commands/catalogue.ts";
import { type CommandContext, defineCommand, viewerOf } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import { decide } from "../domain/people/policy.ts";
import { may } from "../domain/people/viewer.ts";
import { nearest } from "../domain/text/distance.ts";
import { askableSystems, commandRights } from "../reads/command-rights.ts";
import { decisionOutlook, heldBackNow, metByAsking } from "../reads/outlook.ts";
import { readableSystems } from "./fields.ts";

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
    if (!found) throw unknownCommand(command, context);
    const { person, place } = invocation;
    const who = { name: person.name, channel: place.channel };
    const verb = verbs.get(found.entry.name);
    const { takes, lines } = verb ? await onDecision(verb, found.rest, context) : await onCommand(found, context);
    return { private: true, card: whyCard({ name: found.entry.name, takes }, lines, who) };
  },
});

interface Answered {
  readonly takes: string;
  readonly lines: readonly WhyLine[];
}

const verbs: ReadonlyMap<string, DecisionVerb> = new Map(
  (["approve", "deny", "withdraw", "cancel", "abort"] as const).map((verb) => [`confirm ${verb}`, verb]),
);

const takesToDecide: Readonly<Record<DecisionVerb, string>> = {
  approve: "the right to approve, through a role that the request names, and never for what you asked for yourself",
  deny: "the right to approve, through a role that the request names",
  withdraw: "a yes of yours that still stands",
  cancel: "that you asked for it yourself",
  abort: "a yes of yours to what runs, or, of a change, that you asked for it; and that it waits",
};

/** A decision is judged on each request that is open; with none there is only the right that it takes. */
async function onDecision(verb: DecisionVerb, rest: string, context: CommandContext): Promise<Answered> {
  const { store, invocation } = context;
  const { account, now } = invocation;
  const named = rest === "" ? undefined : rest.replace(/^request[:=]/i, "");
  const viewer = viewerOf(context);
  const found = await decisionOutlook(store, viewer, { verb, account, named, now });
  const takes = takesToDecide[verb];
  if (found.length > 0) {
    const lines = found.map(({ request, sealed, verdict }) => ({
      about: `${request.code}, ${askedWords(sealed, sealed.systemTitle)}`,
      verdict,
    }));
    return { takes, lines };
  }
  if (verb === "withdraw" || verb === "cancel" || verb === "abort")
    return {
      takes,
      lines: [{ about: undefined, verdict: { allowed: false, why: "Nothing is open that you may see here." } }],
    };
  const lines = readableSystems(context).map(({ id }) => ({ about: id, verdict: may(viewer, "approve", id) }));
  return { takes, lines };
}

async function onCommand(
  { entry, rest }: { readonly entry: CatalogueEntry; readonly rest: string },
  context: CommandContext,
): Promise<Answered> {
  const { systems } = context;
  const viewer = viewerOf(context);
  const [first = "", second] = rest.toLowerCase().split(/\s+/);
  const asked = first.replace(/^system[:=]/, "");
  const named = asked === "" ? undefined : asked;
  const rights = commandRights(entry, systems, viewer, named);
  if (named !== undefined && !systems.find(named) && rights.every(({ verdict }) => verdict.allowed))
    throw new UserError(
      `There is no system ${named}.`,
      `There are ${askableSystems(entry, systems, viewer).join(", ")}.`,
    );
  const operation = entry.name === "run" ? second?.replace(/^operation[:=]/, "") : entry.name;
  const lines = await Promise.all(
    rights.map(async ({ system, verdict }): Promise<WhyLine> => {
      const line = { about: system, verdict };
      return verdict.allowed && system !== undefined && operation !== undefined
        ? onOperation({ system, operation }, line, context)
        : line;
    }),
  );
  return { takes: `the right to ${entry.permission}`, lines };
}

/** Who would have to agree, and what is in the way; nothing more for a command that is no operation. */
async function onOperation(
  asked: { readonly system: string; readonly operation: string },
  line: WhyLine,
  { systems, people, invocation, store }: CommandContext,
): Promise<WhyLine> {
  const operations = systems.find(asked.system)?.operations ?? {};
  const of = Object.hasOwn(operations, asked.operation) ? operations[asked.operation] : undefined;
  if (!of) return line;
  const { person, place } = invocation;
  const policy = people.policy();
  const right = decide({ person, place, permission: of.permission, system: asked.system }, policy);
  if (!right.allowed) return { ...line, verdict: right };
  const { risk, direction } = of;
  const outlook = askingOutlook({ ...asked, risk, direction, requester: person.id }, policy);
  const { now } = invocation;
  // What is urgent, and what nobody has to decide, is held back by nothing.
  const isCounted = outlook.asks === "people" && !of.urgent;
  const held = isCounted ? await heldBackNow(store, { ...asked, person: person.id, now }) : undefined;
  return { ...line, outcome: askingItems(outlook, { met: await metByAsking(store, { ...asked, of }), held, now }) };
}

function unknownCommand(asked: string, context: CommandContext): UserError {
  const names = context.catalogue.entries.map((entry) => entry.name);
  const close = nearest(asked, names) ?? nearest(asked.split(" ")[0] ?? asked, names);
  return new UserError(
    `There is no command ${asked}.`,
    close === undefined ? "help lists what you may do here." : `Did you mean ${close}?`,
  );
}
