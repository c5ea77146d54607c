import { z } from "zod";
import type { IncidentRoom, StandingRoom } from "../domain/incidents/room.ts";
import { Place } from "../domain/messages/place.ts";
import { SurfaceId } from "../domain/people/surface.ts";
import { type Document, type Owed, type Put, rangeBelow, type Store, sortable } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { eachLegible, ifLegible, legible } from "./legible.ts";

const StoredRoom = z.object({
  format: z.literal(1),
  incident: z.int(),
  surface: SurfaceId,
  like: z.string(),
  isPrivate: z.boolean(),
  name: z.string().exactOptional(),
  place: Place.exactOptional(),
  lacks: z.array(z.string()),
  invited: z.array(z.string()),
  topic: z.string().exactOptional(),
  pinned: z.string().exactOptional(),
  linked: z.boolean().exactOptional(),
});

const StandingRooms = z.object({
  format: z.literal(1),
  rooms: z.array(
    z.object({
      incident: z.int(),
      surface: SurfaceId,
      like: z.string(),
      place: Place,
      system: z.string().exactOptional(),
      until: z.number().exactOptional(),
    }),
  ),
});

const kind = "incident-room";

/** Where rooms are made and brought up to date. */
export const roomQueue = "incident-rooms";

/** All rooms that people can talk in, in one document: it is read with the rules in force. */
export const standingRoomsKey = "incident-rooms/standing";

type RoomId = Pick<IncidentRoom, "incident" | "surface">;

export function roomKey({ incident, surface }: RoomId): string {
  return `${kind}/${incident}.${surface}`;
}

export function putRoom(room: IncidentRoom): Put {
  const of = `${sortable(room.incident)}/${room.surface}`;
  const lists = { lacks: [...room.lacks], invited: [...room.invited] };
  return { key: roomKey(room), value: { format: 1, ...room, ...lists }, index: { of } };
}

function parseRoom(document: Document): IncidentRoom {
  const { format: _, ...room } = legible(document, (value) => StoredRoom.parse(value));
  return room;
}

export async function readRoom(
  store: Pick<Store, "read">,
  id: RoomId,
): Promise<{ readonly room: IncidentRoom; readonly revision: string } | undefined> {
  const [document] = await store.read([roomKey(id)]);
  return document && { room: parseRoom(document), revision: document.revision };
}

/** The rooms of an incident, one a surface at the most. */
export async function roomsOf(store: Pick<Store, "list">, incident: number): Promise<Listed<IncidentRoom>> {
  return eachLegible(await store.list(kind, "of", rangeBelow(sortable(incident))), parseRoom);
}

/** Has a room made, or brought up to date, at a store time in ms. */
export function owedRoom({ incident, surface }: RoomId, due: number): Owed {
  return { queue: roomQueue, id: `${incident}.${surface}`, due, body: { incident, surface } };
}

const Work = z.object({ incident: z.int(), surface: SurfaceId });

export function readRoomWork(body: unknown): RoomId {
  return Work.parse(body);
}

/** Those whose time is over at a store time in ms are left out. */
export function putStandingRooms(rooms: readonly StandingRoom[], now: number): Put {
  const kept = rooms.filter(({ until = Number.POSITIVE_INFINITY }) => until > now);
  return { key: standingRoomsKey, value: { format: 1, rooms: kept } };
}

/** Rooms that people can talk in. Where that cannot be read there is none: what is not known allows nothing. */
export function standingRoomsIn(document: Document | undefined): readonly StandingRoom[] {
  return (document && ifLegible(() => legible(document, (value) => StandingRooms.parse(value))))?.rooms ?? [];
}

export async function standingRooms(
  store: Pick<Store, "read">,
): Promise<{ readonly rooms: readonly StandingRoom[]; readonly revision: string | null }> {
  const [document] = await store.read([standingRoomsKey]);
  return { rooms: standingRoomsIn(document), revision: document?.revision ?? null };
}
