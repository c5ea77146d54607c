import { z } from "zod";
import { endFollow } from "../acts/systems/follow-log.ts";
import { endWords } from "../cards/follow.ts";
import { defineCommand, viewerOf } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import { runningFollow } from "../reads/running-follow.ts";

/** Whoever may read the system where they ask may stop what is followed of it. */
export const followStop = defineCommand({
  name: "follow stop",
  summary: "Stop following a log",
  permission: "read",
  changes: true,
  examples: ["follow stop"],
  input: z.object({
    follow: z
      .string()
      .max(40)
      .optional()
      .meta({ label: "Follow", help: "The code on its card; your own here when left out", positional: true }),
  }),
  async run(input, context) {
    const { store, invocation } = context;
    const asked = input.follow?.toUpperCase();
    const meant = await runningFollow(store, viewerOf(context), asked);
    if (!meant)
      throw new UserError(
        asked === undefined ? "You follow nothing here." : `Nothing is followed under ${asked} any more.`,
        "Its message says why it ended.",
      );
    const ended = await endFollow(store, meant.id, { why: "stopped", by: invocation.person.name });
    if (!ended) throw new UserError("It is followed no more.");
    return {
      private: true,
      card: {
        tone: "neutral",
        title: `${ended.title}: followed no more`,
        summary: endWords(ended, invocation.now),
        blocks: [],
      },
    };
  },
});
