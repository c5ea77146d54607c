import type { Digest, ShownDigest } from "../domain/digests/digest.ts";
import { type DigestSlot, scheduleWords } from "../domain/digests/schedule.ts";
import { type Card, type ListItem, mostButtons } from "../domain/messages/card.ts";
import { zonedAt } from "../domain/text/moment.ts";
import { counted, span } from "../domain/text/quantities.ts";

/** What became of one digest. */
interface PastDigest extends ShownDigest {
  readonly state: "due" | "made" | "missed";
  readonly why?: string;
  readonly places?: number;
}

/** Every digest: when it is due, where it goes, and how the last went. */
export function digestListCard(
  listed: readonly {
    readonly digest: Digest;
    readonly next: DigestSlot | undefined;
    readonly last: PastDigest | undefined;
  }[],
  now: number,
): Card {
  if (listed.length === 0)
    return {
      tone: "neutral",
      title: "There is no digest",
      summary: "Digests stand under digests in wardroom.yaml and in the systems' files: docs/digests.md.",
      blocks: [],
    };
  return {
    tone: listed.some(({ last }) => last?.state === "missed") ? "warning" : "neutral",
    title: counted(listed.length, "digest"),
    blocks: [
      {
        kind: "fields",
        fields: listed.map(({ digest, next, last }) => ({
          name: digest.name,
          value: [
            scheduleWords(digest),
            digest.channels.length === 0 ? "posted nowhere" : `to ${digest.channels.join(", ")}`,
            ...(next && digest.channels.length > 0 ? [`next in ${span(next.at - now)}`] : []),
            ...(last ? [`last: ${becameWords(last)}`] : []),
          ].join("; "),
        })),
      },
    ],
    actions: listed.slice(0, mostButtons).map(({ digest: { name } }) => ({
      label: `Preview ${name}`.slice(0, 75),
      command: "digest preview",
      args: { digest: name },
    })),
  };
}

/** What became of a digest's slots, the newest first. */
export function digestHistoryCard({ name, title }: Digest, past: readonly PastDigest[]): Card {
  const missed = past.filter(({ state }) => state === "missed").length;
  return {
    tone: missed > 0 ? "warning" : "neutral",
    title: past.length === 0 ? `${title} has not been due yet` : `${title}: the last ${past.length}, ${missed} missed`,
    blocks: [
      {
        kind: "list",
        items: past.map(
          (each): ListItem => ({
            text: `${each.slot}: ${becameWords(each)}`,
            ...(each.state === "missed" && { tone: "warning" as const }),
          }),
        ),
      },
    ],
    actions: past.some(({ state }) => state === "made")
      ? [{ label: "Show the last", command: "digest show", args: { digest: name } }]
      : [],
  };
}

/** It is being made. */
export function digestAskedCard({ title, channels }: Digest): Card {
  return {
    tone: "neutral",
    title: `${title} is being made`,
    summary: `It is posted to ${channels.join(", ")} as soon as its sections are read.`,
    blocks: [],
  };
}

function becameWords({ state, why = "", madeAt, dueAt, zone, places = 0, askedBy }: PastDigest): string {
  if (state === "due") return "is being made";
  if (state === "missed") return `missed, ${why}`;
  const at = zonedAt(madeAt ?? dueAt, zone)
    .toPlainDateTime()
    .toString({ smallestUnit: "minute" })
    .replace("T", " ");
  const asked = askedBy === undefined ? "" : `, asked for by ${askedBy}`;
  return `made ${at} for ${counted(places, "channel")}${asked}`;
}
