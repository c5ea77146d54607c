import { z } from "zod";
import { deadLettersCard } from "../cards/dead-letters.ts";
import { defineCommand, viewerOf } from "../domain/commands/command.ts";
import { may } from "../domain/people/viewer.ts";
import { quarantinedLetters } from "../reads/quarantined-letters.ts";

/** Those of systems that the person may read here. */
export const alertsDead = defineCommand({
  name: "alerts dead",
  summary: "What was posted as an alert and could not be used: who sent it, when and why",
  permission: "read",
  examples: ["alerts dead"],
  input: z.object({}),
  async run(_input, context) {
    const viewer = viewerOf(context);
    const { letters, isMore } = await quarantinedLetters(
      context.store,
      ({ system }) => may(viewer, "read", system).allowed,
    );
    return { card: deadLettersCard(letters, isMore, context.invocation.now) };
  },
});
