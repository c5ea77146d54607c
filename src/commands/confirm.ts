import { z } from "zod";
import { type DecisionVerb, decideRequest } from "../acts/approvals/decide-request.ts";
import { requestCard } from "../cards/request.ts";
import { stateWords } from "../domain/approvals/request.ts";
import { lapsesAt, whoCouldApprove } from "../domain/approvals/request-rules.ts";
import { type Command, type CommandContext, defineCommand, type Reply, viewerOf } from "../domain/commands/command.ts";
import { visibleRequest, visibleRequests } from "../reads/requests.ts";
import type { ReadRequest } from "../records/request.ts";

const request = z
  .string()
  .min(4)
  .max(40)
  .meta({ label: "Request", help: "The code on its card", positional: true, suggest: "requests" });
/** Carried by the card's buttons: what the person saw. Typed, the code itself is what they saw. */
const digest = z
  .string()
  .max(64)
  .optional()
  .meta({ label: "Digest", help: "Left out when typing: the code is enough" });

export const confirmList = defineCommand({
  name: "confirm list",
  summary: "Requests that wait for people, or whose outcome is open",
  permission: "read",
  examples: ["confirm list"],
  input: z.object({}),
  async run(_input, context) {
    const open = await visibleRequests(context.store, viewerOf(context));
    if (open.length === 0) return { card: { tone: "good", title: "Nothing waits for a decision", blocks: [] } };
    const rows = open.map(({ request: each, sealed }) => [
      each.code,
      `${sealed.operation} ${sealed.system}`,
      stateWords(each.state),
      sealed.requester.name,
      remaining(lapsesAt(each, sealed), context.invocation.now),
    ]);
    const columns = [
      { title: "Code" },
      { title: "What" },
      { title: "State" },
      { title: "Asked by" },
      { title: "Time left" },
    ];
    return {
      card: {
        tone: "warning",
        title: `${open.length} open request${open.length === 1 ? "" : "s"}`,
        blocks: [{ kind: "table", columns, rows }],
        actions: open.slice(0, 5).map(({ request: each }) => ({
          label: `Show ${each.code}`,
          command: "confirm show",
          args: { request: each.id },
        })),
      },
    };
  },
});

export const confirmShow = defineCommand({
  name: "confirm show",
  summary: "One request: its card and the full plan, byte for byte, as a file",
  permission: "read",
  examples: ["confirm show 4F7A2C"],
  shortcut: { title: "Show the full plan", field: "request", of: "request" },
  input: z.object({ request }),
  async run(input, context) {
    const read = await visibleRequest(context.store, viewerOf(context), input.request);
    const card = requestCard(read.request, read.sealed);
    const name = `request-${read.request.code}.json`;
    const note = `SHA-256 ${read.request.digest}. The code ${read.request.code} is its start.`;
    return {
      card: {
        ...card,
        blocks: [...card.blocks, { kind: "file", file: name, note }],
        footer: "As it stood when shown; the card in the channel follows it.",
      },
      files: [{ name, mediaType: "application/json", bytes: new TextEncoder().encode(read.request.sealed) }],
    };
  },
});

export const confirmWho = defineCommand({
  name: "confirm who",
  summary: "Who could approve a request now, and why not the others",
  permission: "read",
  examples: ["confirm who 4F7A2C"],
  input: z.object({ request }),
  async run(input, context) {
    const read = await visibleRequest(context.store, viewerOf(context), input.request);
    const people = whoCouldApprove(read.request, read.sealed, context.people.policy());
    const able = people.filter((each) => each.can);
    const rows = people.map(({ person, can, why }) => [
      person.name,
      { text: can ? "yes" : "no", tone: can ? ("good" as const) : ("neutral" as const) },
      why,
    ]);
    return {
      private: true,
      card: {
        tone: able.length > 0 ? "neutral" : "bad",
        title: `Who can approve ${read.request.code}`,
        summary: able.length > 0 ? able.map((each) => each.person.name).join(", ") : "Nobody can approve this now.",
        blocks: [{ kind: "table", columns: [{ title: "Person" }, { title: "Can" }, { title: "Why" }], rows }],
      },
    };
  },
});

export const confirmApprove = decision("approve", "Say yes to a request somebody else made");
export const confirmDeny = decision("deny", "Say no to a request, or stop an approved one before it runs");
export const confirmWithdraw = decision("withdraw", "Take back your yes before it runs");
export const confirmCancel = decision("cancel", "Take back a request you made");

function decision(verb: DecisionVerb, summary: string): Command {
  return defineCommand({
    name: `confirm ${verb}`,
    summary,
    // Who may decide is a rule of the request itself, checked inside the commit; here it only has to be a known person.
    permission: "read",
    changes: true,
    examples: [`confirm ${verb} 4F7A2C`],
    input: z.object({
      request,
      digest,
      reason: z.string().max(300).optional().meta({ label: "Reason", help: "Optional", multiline: true }),
    }),
    async run(input, context): Promise<Reply> {
      const { invocation } = context;
      const read = await decideRequest(
        context.store,
        {
          verb,
          request: input.request,
          digest: input.digest ?? input.request,
          ...(input.reason && { reason: input.reason }),
          invocation: invocation.id,
          account: invocation.account,
          person: invocation.person.id,
          place: invocation.place,
        },
        context.people.directory,
      );
      return decided(verb, read, context);
    },
  });
}

function decided(verb: DecisionVerb, { request: after, sealed }: ReadRequest, context: CommandContext): Reply {
  const verbs = {
    approve: "approved",
    deny: "denied",
    withdraw: "withdrew their approval of",
    cancel: "took back",
  } as const;
  return {
    card: {
      tone: verb === "approve" ? "good" : "neutral",
      title: `${context.invocation.person.name} ${verbs[verb]} ${sealed.operation} ${sealed.system}`,
      summary: `Request ${after.code}: ${stateWords(after.state)}.`,
      blocks: [],
    },
    about: { kind: "request", id: after.id, state: after.state },
  };
}

function remaining(until: number | undefined, now: number): string {
  if (until === undefined) return "";
  const seconds = Math.max(0, Math.floor((until - now) / 1_000));
  return seconds >= 60 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` : `${seconds} s`;
}
