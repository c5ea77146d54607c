import { textOfDatum } from "../../domain/systems/exact.ts";
import { ago, counted } from "../../domain/text/quantities.ts";
import { noticeQueues } from "../../records/notice.ts";
import type { DigestSection } from "./asked-section.ts";
import { journalBetween } from "./journal-between.ts";

/** A message this late is held up, ms. */
const lateMs = 60_000;
const kinds = ["notice.undeliverable", "trouble.raised", "trouble.over", "digest.missed"];

/** Whether what the bot had to say was said, what troubled it, and where its journal ends. */
export const deliverySection: DigestSection = {
  title: "Wardroom itself",
  async find(asked, { store, policy }) {
    const surfaces = [...new Set(policy.channels.map(({ surface }) => surface))];
    const [now, head, journal, owed] = await Promise.all([
      store.now(),
      store.head(),
      journalBetween(store, asked, (kind) => kinds.includes(kind)),
      Promise.all(surfaces.flatMap(noticeQueues).map((queue) => store.owed(queue))),
    ]);
    const of = (kind: string) => journal.entries.filter((entry) => entry.kind === kind);
    const [lost, troubles, missed] = [of("notice.undeliverable"), of("trouble.raised"), of("digest.missed")];
    const waiting = owed.reduce((sum, { count }) => sum + count, 0);
    const oldest = Math.min(...owed.flatMap(({ oldestDue }) => oldestDue ?? []));
    const heldUp = now - oldest > lateMs;
    return {
      source: "the journal and the queues of messages",
      asOf: now,
      isPartial: !journal.isAll,
      figures: [
        { id: "lost", title: "messages lost", value: lost.length, unit: "" },
        { id: "troubles", title: "troubles", value: troubles.length, unit: "" },
        { id: "missed", title: "digests missed", value: missed.length, unit: "" },
        { id: "journal", title: "entries in the journal", value: head.seq, unit: "" },
      ],
      attention: [
        ...lost.map(({ fields }) => ({
          text: `A message was not delivered: ${textOfDatum(fields["title"]) ?? ""} (${textOfDatum(fields["why"]) ?? ""})`,
          tone: "bad" as const,
        })),
        ...(heldUp
          ? [
              {
                text: `${counted(waiting, "message")} held up, the oldest due ${ago(oldest, now)}`,
                tone: "bad" as const,
              },
            ]
          : []),
      ],
      lines: [
        { text: `Messages that wait: ${waiting === 0 ? "none" : waiting}` },
        ...troubles.map(({ at, fields }) => ({
          text: `Trouble, ${ago(at, now)}: ${textOfDatum(fields["what"]) ?? ""}`,
          tone: "warning" as const,
        })),
        ...missed.map(({ fields }) => ({
          text: `Digest ${textOfDatum(fields["digest"]) ?? ""} of ${textOfDatum(fields["slot"]) ?? ""} was missed`,
          tone: "warning" as const,
        })),
        { text: `The journal ends at link ${head.seq}, hash ${head.hash.slice(0, 16)}` },
      ],
    };
  },
};
