import { z } from "zod";
import { watchStatus } from "../acts/systems/watch-status.ts";
import { overviewCard } from "../cards/overview.ts";
import { policyChangeWords } from "../cards/policy-change.ts";
import { watchedWords } from "../cards/status-change.ts";
import { systemCard } from "../cards/system.ts";
import { concernedSystem } from "../domain/approvals/request.ts";
import { type CommandContext, defineCommand, doneBy, type Reply, viewerOf } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import type { Block, Card } from "../domain/messages/card.ts";
import { may } from "../domain/people/viewer.ts";
import { ownSystemId } from "../domain/systems/own-system.ts";
import type { System } from "../domain/systems/system.ts";
import { unusableFiles } from "../reads/configuration-trouble.ts";
import { waitingPolicyChange } from "../reads/policy-change.ts";
import { visibleRequests } from "../reads/requests.ts";
import { surfaceTroubles } from "../reads/surface-troubles.ts";
import { systemState, systemStates } from "../reads/system-state.ts";
import { lastingField, lastingMs, readableSystems, system as systemField, systemNamed } from "./fields.ts";

/** Longer than that is no room any more, ms. */
const longestWatchMs = 12 * 3_600_000;

/** Every check and alert source is asked now. What could not be asked is unknown, never well. */
export const status = defineCommand({
  name: "status",
  summary: "Is everything up? With a system: how exactly is it?",
  permission: "read",
  systemField: "system",
  examples: ["status", "status {system}", "status {system} watch:30m"],
  input: z.object({
    system: systemField.optional(),
    watch: lastingField(longestWatchMs, "what changes is told here").meta({ label: "Watch", time: "named" }).optional(),
  }),
  async run(input, context) {
    if (input.system !== undefined) return detail(systemNamed(context, input.system), context, input.watch);
    if (input.watch !== undefined) throw new UserError("Watch what?", "Name a system: status <system> watch:30m.");
    return { card: await overview(context) };
  },
});

async function overview(context: CommandContext): Promise<Card> {
  const systems = readableSystems(context);
  if (systems.length === 0) throw new UserError("You may see no system here.", "why status says what it takes.");
  const [states, { found: requests }] = await Promise.all([
    systemStates(context, systems),
    visibleRequests(context.store, viewerOf(context)),
  ]);
  const card = overviewCard({ states, requests }, context.invocation.now);
  const [deafOrLate, ...notes] = await Promise.all([
    surfaceTroubles(context.store, context.people.policy()),
    unusableFiles(context.store, viewerOf(context)),
    policyNote(context),
  ]);
  const said = [...deafOrLate, ...notes].flatMap((text): Block[] =>
    text === undefined ? [] : [{ kind: "text", text, tone: "warning" }],
  );
  return { ...card, blocks: [...said, ...card.blocks] };
}

/** That the files wait to come into force. The code is for those who may see the request. */
async function policyNote(context: CommandContext): Promise<string | undefined> {
  const change = await waitingPolicyChange(context.store);
  if (!change) return undefined;
  return policyChangeWords(may(viewerOf(context), "read", ownSystemId).allowed ? change : {});
}

async function detail(on: System, context: CommandContext, watched: string | undefined): Promise<Reply> {
  const { store, invocation } = context;
  const [state, open] = await Promise.all([systemState(context, on), visibleRequests(store, viewerOf(context))]);
  const requests = open.found.filter(({ sealed }) => concernedSystem(sealed) === on.id);
  const card = systemCard({ state, requests }, invocation.now);
  if (watched === undefined) return { card };
  if (invocation.place.passing)
    throw new UserError("Nothing can be told here later.", "Ask it in a channel, or ask status again.");
  const instead = "Ask again when it is over.";
  const forMs = lastingMs(watched, { from: invocation.now, mostMs: longestWatchMs, instead });
  const watch = await watchStatus(store, { state, place: invocation.place, forMs }, doneBy(invocation));
  return { card: { ...card, footer: watchedWords(watch, invocation.now) } };
}
