import type { TimelineEntry } from "../../domain/incidents/timeline.ts";
import type { Who } from "../../domain/journal.ts";
import type { Store } from "../../domain/store.ts";
import { readIncident } from "../../records/incident.ts";
import { putEntry, timelineKey } from "../../records/timeline.ts";
import { type Attempt, transact } from "../transact.ts";
import { roomsFollow } from "./rooms-follow.ts";

/** Does a timeline tell of it already? */
export async function isNoted(
  store: Pick<Store, "read">,
  entry: Pick<TimelineEntry, "incident" | "id">,
): Promise<boolean> {
  const [known] = await store.read([timelineKey(entry)]);
  return known !== undefined;
}

/**
 * Writes what happened in a room on the timeline, once for its id: what is told of it later changes nothing. `by` is who had it
 * written. False where it stands there already, or there is no such incident.
 */
export async function noteHappening(store: Store, entry: TimelineEntry, by: Who): Promise<boolean> {
  const outcome = await transact(store, async (now): Promise<Attempt<boolean>> => {
    const read = await readIncident(store, entry.incident);
    if (!read || (await isNoted(store, entry))) return { result: false };
    const { number, system, severity, title } = read.incident;
    return {
      result: true,
      commit: {
        expect: { [timelineKey(entry)]: null },
        put: [putEntry(entry)],
        journal: [
          {
            who: by,
            kind: "incident.noted",
            at: now,
            incident: number,
            ...(system !== undefined && { system }),
            severity,
            title,
            text: entry.text,
          },
        ],
        ...(await roomsFollow(store, number, now)),
      },
    };
  });
  return !outcome.repeated && outcome.result;
}
