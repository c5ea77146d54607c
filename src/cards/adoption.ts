import type { Block, Card } from "../domain/messages/card.ts";
import type { AdoptedPolicy } from "../domain/people/adopted-policy.ts";
import { changeLines, longChanges } from "./change-lines.ts";

/** The name of the file with all that is other. */
export const adoptedFile = "changes.txt";

/** Tells that other people and rules are in force although no two people agreed to them. */
export function adoptionCard({ how, at, by, changes }: AdoptedPolicy): Card {
  const why =
    how === "few"
      ? "Fewer than two people could have agreed to it, so what the files say came into force as they were read."
      : `${by ?? "Somebody"}, who may write the store, put what the files say in force while the bot was not running.`;
  return {
    tone: "warning",
    title: "Other people and rules are in force, and no two people agreed to them",
    summary: why,
    blocks: [
      changeLines(changes, "the file has them all"),
      ...longChanges(adoptedFile, changes).map(({ name }): Block => ({ kind: "file", file: name })),
      { kind: "moment", label: "In force since", at },
      { kind: "text", text: "If this is not what you expect, stop the bot and look at the config folder's history." },
    ],
  };
}
