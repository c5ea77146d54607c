import { z } from "zod";
import { dropLetter, mayBeSevere } from "../acts/alerts/end-letter.ts";
import { replayLetter } from "../acts/alerts/replay-letter.ts";
import { deadLettersCard, letterEndedCard, mayBeOverCard } from "../cards/dead-letters.ts";
import { type CommandContext, defineCommand, doneBy, type Reply, viewerOf } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import { may } from "../domain/people/viewer.ts";
import { letterNamed, type NamedLetter, quarantinedLetters } from "../reads/quarantined-letters.ts";
import { openOwnRequest, ownRequestReply } from "./own-request.ts";

const letter = z.string().min(32).max(40).meta({
  label: "Dead letter",
  help: "Its name, as alerts dead shows it",
  positional: true,
});

/** Those of systems that the person may read here. */
export const alertsDead = defineCommand({
  name: "alerts dead",
  summary: "What was posted as an alert and could not be used: who sent it, when and why",
  permission: "read",
  examples: ["alerts dead"],
  input: z.object({}),
  async run(_input, context) {
    const { letters, isMore } = await quarantinedLetters(context.store, isVisibleTo(context));
    return { card: deadLettersCard(letters, isMore, context.invocation.now) };
  },
});

/** As its sender's posts are read now: what was wrong may have been mended in the files. */
export const alertsReplay = defineCommand({
  name: "alerts replay",
  summary: "Take in anew what was in quarantine, as its sender's posts are read now",
  permission: "respond",
  examples: [
    "alerts replay 1f0c9a2e77ab1f0c9a2e77ab1f0c9a2e.2",
    "alerts replay 1f0c9a2e77ab1f0c9a2e77ab1f0c9a2e.2 as:over",
  ],
  input: z.object({
    letter,
    as: z
      .enum(["firing", "over"])
      .optional()
      .meta({ label: "As", help: "What it is, where it was posted long ago and nothing since says whether it fires" }),
  }),
  async run(input, context) {
    const { store, invocation, posts: reader } = context;
    const found = await letterNamed(store, input.letter, isVisibleTo(context));
    mustRespond(context, found.system);
    const replayed = await replayLetter(store, found, { reader, by: doneBy(invocation), as: input.as });
    return {
      card:
        "unknown" in replayed
          ? mayBeOverCard(found, replayed.unknown, invocation.now)
          : letterEndedCard("replayed", found, replayed),
    };
  },
});

/** What may tell of something critical takes two people. */
export const alertsDrop = defineCommand({
  name: "alerts drop",
  summary: "Drop what is in quarantine, with a reason; what may tell of something critical takes two people",
  permission: "respond",
  examples: ['alerts drop 1f0c9a2e77ab1f0c9a2e77ab1f0c9a2e.2 why:"a test of the probe"'],
  input: z.object({
    letter,
    why: z.string().min(3).max(300).meta({ label: "Why", help: "What is known about it", prose: true }),
  }),
  async run(input, context) {
    const found = await letterNamed(context.store, input.letter, isVisibleTo(context));
    mustRespond(context, found.system);
    if (mayBeSevere(found)) return askTwo(context, found, input.why);
    await dropLetter(context.store, found, { by: doneBy(context.invocation), why: input.why });
    return { card: letterEndedCard("dropped", found) };
  },
});

async function askTwo(context: CommandContext, found: NamedLetter, why: string): Promise<Reply> {
  const system = context.systems.find(found.system);
  const opened = await openOwnRequest(context, {
    name: "drop-letter",
    given: { letter: found.name, sender: found.sender, fault: found.why },
    concerns: system && { id: system.id, title: system.title },
    reason: why,
  });
  return ownRequestReply(context, opened);
}

function isVisibleTo(context: CommandContext): (of: { readonly system: string }) => boolean {
  const viewer = viewerOf(context);
  return ({ system }) => may(viewer, "read", system).allowed;
}

function mustRespond(context: CommandContext, system: string): void {
  const verdict = may(viewerOf(context), "respond", system);
  if (!verdict.allowed) throw new UserError(verdict.why, verdict.remedy);
}
