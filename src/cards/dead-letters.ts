import type { Card } from "../domain/messages/card.ts";
import { stamp } from "../domain/text/moment.ts";
import { ago, counted } from "../domain/text/quantities.ts";

/** Something that was posted as an alert and could not be used. */
interface DeadLetter {
  /** What people call it. */
  readonly name: string;
  readonly batch: string;
  readonly sender: string;
  readonly system: string;
  /** The place in its batch; left out of a body of which nothing could be read. */
  readonly place?: number;
  readonly at: number;
  readonly why: string;
}

/** So many can be acted on by a button. */
const mostActions = 4;

/** What is in quarantine, the newest first. `isMore`: there is more than is shown. */
export function deadLettersCard(letters: readonly DeadLetter[], isMore: boolean, now: number): Card {
  if (letters.length === 0)
    return {
      tone: "good",
      title: "Nothing is in quarantine",
      summary: "All that was posted could be used.",
      blocks: [],
    };
  const batches = [...new Set(letters.map(({ batch }) => batch))];
  const [newest] = letters;
  return {
    tone: "warning",
    title: `${isMore ? "More than " : ""}${counted(letters.length, "dead letter")} in quarantine`,
    summary: "Each was posted as an alert and could not be used: what it told of may be firing.",
    blocks: [{ kind: "list", items: letters.map((letter) => ({ text: letterWords(letter, now) })) }],
    actions: [
      ...(newest ? [{ label: "Replay the newest", command: "alerts replay", args: { letter: newest.name } }] : []),
      ...batches
        .slice(0, mostActions)
        .map((batch) => ({ label: `Show ${batch.slice(0, 8)}`, command: "alerts why", args: { alert: batch } })),
    ],
  };
}

function letterWords({ name, sender, system, place, at, why }: DeadLetter, now: number): string {
  const which = place === undefined ? "a whole body" : "an alert";
  return `${name}: ${which} by ${sender}, of ${system}, ${stamp(at)}, ${ago(at, now)}: ${why}`;
}

/** What was done with one. `batch`: what it came in as anew. */
export function letterEndedCard(
  as: "replayed" | "dropped",
  { name, sender, system, why }: DeadLetter,
  batch?: string,
): Card {
  return {
    tone: as === "replayed" ? "good" : "neutral",
    title: as === "replayed" ? "Taken in anew" : "Dropped",
    summary: `${name} by ${sender}, of ${system}: ${why}`,
    blocks: [],
    ...(batch !== undefined && {
      footer: `It came in as ${batch}.`,
      actions: [{ label: "What became of it", command: "alerts why", args: { alert: batch } }],
    }),
  };
}
