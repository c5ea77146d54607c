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

/** What was done with one. `taken`: what it came in as anew, and how many of its alerts as over. */
export function letterEndedCard(
  as: "replayed" | "dropped",
  { name, sender, system, why }: DeadLetter,
  taken?: { readonly batch: string; readonly over: number },
): Card {
  return {
    tone: as === "replayed" ? "good" : "neutral",
    title: as === "replayed" ? "Taken in anew" : "Dropped",
    summary: `${name} by ${sender}, of ${system}: ${why}`,
    blocks:
      taken && taken.over > 0
        ? [{ kind: "text", text: `${counted(taken.over, "alert")} told as fired and ended, which calls nobody.` }]
        : [],
    ...(taken && {
      footer: `It came in as ${taken.batch}.`,
      actions: [{ label: "What became of it", command: "alerts why", args: { alert: taken.batch } }],
    }),
  };
}

/** One that was posted long ago, since when nothing was told of so many alerts of it: whoever replays it says what they are. */
export function mayBeOverCard({ name, sender, system, at }: DeadLetter, alerts: number, now: number): Card {
  const choice = (label: string, as: string) => ({ label, command: "alerts replay", args: { letter: name, as } });
  return {
    tone: "warning",
    title: "It may be over by now",
    summary: `${name} was posted by ${sender}, of ${system}, ${ago(at, now)}, and nothing since says whether ${alerts === 1 ? "its alert fires" : `${alerts} alerts of it fire`}. Nothing was changed.`,
    blocks: [
      {
        kind: "text",
        text: "As firing it is told as new and calls whoever is called for it, until its sender says that it is over. As over it is told as fired and ended, and calls nobody.",
      },
    ],
    actions: [choice("It is over", "over"), choice("It still fires", "firing")],
  };
}
