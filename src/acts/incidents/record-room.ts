import type { Incident } from "../../domain/incidents/incident.ts";
import type { IncidentRoom, StandingRoom } from "../../domain/incidents/room.ts";
import { nobody } from "../../domain/journal.ts";
import { isSameData } from "../../domain/same-data.ts";
import type { Put, Store } from "../../domain/store.ts";
import {
  putRoom,
  putStandingRooms,
  readRoom,
  roomKey,
  standingRooms,
  standingRoomsKey,
} from "../../records/incident-room.ts";
import { owedNotice } from "../../records/notice.ts";
import { entryId, putEntry } from "../../records/timeline.ts";
import { transact } from "../transact.ts";

/** So long after its incident is over a room goes on being a place where the bot may be asked, ms. */
const usableAfterMs = 14 * 86_400_000;

/**
 * Puts on record how a room is. From when it is made on it is a place where the bot may be asked, its incident's timeline says so,
 * and the card of the incident is owed there.
 */
export async function recordRoom(
  store: Store,
  { room, incident, called }: { readonly room: IncidentRoom; readonly incident: Incident; readonly called: string },
): Promise<void> {
  await transact(store, async (now) => {
    const before = await readRoom(store, room);
    if (!before) return { result: undefined };
    const { rooms, revision } = await standingRooms(store);
    const standing = standingAs(room, incident);
    const known = rooms.find((each) => each.incident === room.incident && each.surface === room.surface);
    const moves = standing !== undefined && !isSameData(known, standing);
    const isNew = room.place !== undefined && before.room.place === undefined;
    const isSame = isSameData(before.room, room);
    if (isSame && !moves) return { result: undefined };
    const others = rooms.filter((each) => each !== known);
    const { seq } = await store.head();
    const lacking = room.lacks.filter((each) => !before.room.lacks.includes(each));
    const said = [...(isNew ? [`room on ${called}: ${room.name ?? ""}`] : []), ...lacking];
    const entries = said.map(
      (text, at): Put =>
        putEntry({
          id: entryId(seq + 1, `room-${room.surface}-${now}-${at}`),
          incident: room.incident,
          at: now,
          kind: "room",
          text,
        }),
    );
    const { number, system, severity, title } = incident;
    const about = { who: nobody, incident: number, ...(system !== undefined && { system }), severity, title };
    return {
      result: undefined,
      commit: {
        expect: { [roomKey(room)]: before.revision, ...(moves && { [standingRoomsKey]: revision }) },
        put: [putRoom(room), ...entries, ...(moves ? [putStandingRooms([...others, standing], now)] : [])],
        journal: said.map((text) => ({ ...about, kind: "incident.noted", at: now, text })),
        notices: room.place
          ? [owedNotice({ subject: { kind: "incident", incident: room.incident }, place: room.place }, now)]
          : [],
      },
    };
  });
}

function standingAs(room: IncidentRoom, { system, closedAt }: Incident): StandingRoom | undefined {
  const { incident, surface, like, place } = room;
  if (!place) return undefined;
  const until = closedAt === undefined ? {} : { until: closedAt + usableAfterMs };
  return { incident, surface, like, place, ...(system !== undefined && { system }), ...until };
}
