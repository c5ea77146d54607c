import { type Commit, type Store } from "../../domain/store.ts";
import { owedRoom, roomsOf } from "../../records/incident-room.ts";
import { owedNotice } from "../../records/notice.ts";

/** What is owed to the rooms of an incident that has changed: its card, what they are said to be about, and who belongs in them. */
export async function roomsFollow(
  store: Pick<Store, "list">,
  incident: number,
  now: number,
): Promise<Pick<Commit, "notices" | "timers">> {
  const { found } = await roomsOf(store, incident);
  return {
    notices: found.flatMap(({ place }) =>
      place ? [owedNotice({ subject: { kind: "incident", incident }, place }, now)] : [],
    ),
    timers: found.map((room) => owedRoom(room, now)),
  };
}
