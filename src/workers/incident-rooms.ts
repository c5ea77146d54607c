import { recordRoom } from "../acts/incidents/record-room.ts";
import { BackendError } from "../domain/failure.ts";
import { type Incident, peopleIn } from "../domain/incidents/incident.ts";
import { type IncidentRoom, roomName, roomTopic } from "../domain/incidents/room.ts";
import type { Log } from "../domain/log.ts";
import { callsOf } from "../domain/messages/calls.ts";
import type { MadeRoom, Outlet, RoomKeeper } from "../domain/messages/message.ts";
import { personName } from "../domain/people/person.ts";
import type { Policy } from "../domain/people/policy.ts";
import { type SurfaceTraits, surfaceName } from "../domain/people/surface.ts";
import type { Claimed, Store } from "../domain/store.ts";
import type { System } from "../domain/systems/system.ts";
import { readIncident } from "../records/incident.ts";
import { readRoom, readRoomWork, roomQueue } from "../records/incident-room.ts";
import { standingMessage } from "../records/message.ts";
import { noticeId } from "../records/notice.ts";
import { type Handled, type QueueWorker, startQueueWorker } from "./queue-worker.ts";

export interface IncidentRoomPorts {
  readonly store: Store;
  readonly log: Log;
  /** Every surface that runs. */
  readonly outlets: ReadonlyMap<string, Outlet>;
  /** Every surface there is. */
  readonly surfaces: readonly SurfaceTraits[];
  readonly policyInForce: () => Promise<Policy>;
  readonly system: (id: string) => System | undefined;
}

/** A platform that is down, or not running here, is asked again so soon at first and at the latest, ms. */
const againMs = { first: 2_000, most: 60_000 };
/** What it refuses is tried again so often: somebody may have mended it. */
const refusedAgainMs = 60_000;
/** How soon it is looked again whether the card stands that is to be pinned, ms. */
const unpinnedMs = 1_000;
/** The card may be kept from its room for long: then it is pinned when the room is next looked at. */
const mostLooksForCard = 30;

/** Makes the rooms of incidents and keeps them as they should be: what they are said to be about, who is in them, what is pinned. */
export function startIncidentRooms(ports: IncidentRoomPorts): QueueWorker {
  const { store, log } = ports;
  return startQueueWorker({
    queue: roomQueue,
    store,
    log,
    leaseMs: 60_000,
    parallel: 4,
    everyMs: 500,
    handle: (item) => keep(ports, item),
  });
}

async function keep(ports: IncidentRoomPorts, item: Claimed): Promise<Handled> {
  const { store, outlets, surfaces } = ports;
  const id = readRoomWork(item.body);
  const [incident, read] = await Promise.all([readIncident(store, id.incident), readRoom(store, id)]);
  if (!incident || !read) return { done: true };
  const called = surfaceName(surfaces, id.surface);
  const keeper = outlets.get(id.surface)?.rooms;
  const about = { incident: incident.incident, called };
  if (!keeper) {
    const lacks = [`There is no room on ${called} yet: the bot does not run there.`];
    await recordRoom(store, { ...about, room: { ...read.room, lacks } });
    return { done: false, retryAt: (await store.now()) + againMs.most };
  }
  const opened = await open(keeper, read.room, about);
  if ("error" in opened) {
    await recordRoom(store, { ...about, room: { ...read.room, lacks: [opened.lack] } });
    return { done: false, retryAt: (await store.now()) + waitAfter(opened.error, item.attempts) };
  }
  const made = { ...read.room, name: opened.name, place: opened.place };
  // From here on people can talk in it, whatever else it lacks.
  if (!read.room.place) await recordRoom(store, { ...about, room: { ...made, lacks: [] } });
  const room = await dress(ports, keeper, { room: made, made: opened, ...about });
  await recordRoom(store, { ...about, room });
  if (room.lacks.length > 0) return { done: false, retryAt: (await store.now()) + refusedAgainMs };
  const waitsForCard = keeper.pin && room.pinned === undefined && item.attempts < mostLooksForCard;
  return waitsForCard ? { done: false, retryAt: (await store.now()) + unpinnedMs } : { done: true };
}

interface About {
  readonly incident: Incident;
  /** What people call the surface. */
  readonly called: string;
}

async function open(
  keeper: RoomKeeper,
  room: IncidentRoom,
  { incident, called }: About,
): Promise<MadeRoom | { readonly error: BackendError; readonly lack: string }> {
  if (room.place) return { place: room.place, name: room.name ?? "" };
  const { isPrivate, like } = room;
  try {
    return await keeper.open({ name: roomName(incident), since: incident.openedAt, isPrivate, like });
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return { error, lack: `There is no room on ${called} yet. ${error.message}.` };
  }
}

function waitAfter({ fault }: BackendError, attempts: number): number {
  if (["refused", "missing", "unauthorised"].includes(fault)) return refusedAgainMs;
  return Math.min(againMs.first * attempts, againMs.most);
}

/** Everything but the room itself. What one part of it is refused keeps no other part from being done. */
async function dress(
  ports: IncidentRoomPorts,
  keeper: RoomKeeper,
  { room, made, incident, called }: About & { readonly room: IncidentRoom; readonly made: MadeRoom },
): Promise<IncidentRoom> {
  const lacks: string[] = [];
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      lacks.push(`${what} in the room on ${called}. ${error.message}.`);
      return false;
    }
  };
  const topic = roomTopic(incident);
  const isDescribed =
    topic === room.topic ||
    !keeper.describe ||
    (await attempt("The topic could not be set", async () => keeper.describe?.(made, topic)));
  const invited = await bringIn(ports, { room, incident, called }, { keeper, made, attempt, lacks });
  const links = incident.system === undefined ? {} : (ports.system(incident.system)?.links ?? {});
  const linked =
    room.linked === true ||
    !keeper.link ||
    Object.keys(links).length === 0 ||
    (await attempt("No bookmarks could be made", async () => keeper.link?.(made, links)));
  const card = { kind: "incident", incident: incident.number } as const;
  const standing = await standingMessage(ports.store, noticeId(card, made.place));
  const isPinned =
    standing !== undefined &&
    standing.id !== room.pinned &&
    keeper.pin !== undefined &&
    (await attempt("The card could not be pinned", async () => keeper.pin?.(standing)));
  return { ...room, lacks, invited, linked, ...(isDescribed && { topic }), ...(isPinned && { pinned: standing.id }) };
}

/** Everybody who is in the incident, by their account there. Whoever has none is named: others have to tell them. */
async function bringIn(
  { policyInForce }: IncidentRoomPorts,
  { room, incident, called }: About & { readonly room: IncidentRoom },
  how: {
    readonly keeper: RoomKeeper;
    readonly made: MadeRoom;
    readonly attempt: (what: string, work: () => Promise<unknown>) => Promise<boolean>;
    readonly lacks: string[];
  },
): Promise<readonly string[]> {
  const policy = await policyInForce();
  const invited = [...room.invited];
  for (const person of peopleIn(incident)) {
    const name = personName(person, policy.people);
    const accounts = callsOf(policy, [person], room.surface).map(({ account }) => account.id);
    if (accounts.length === 0) how.lacks.push(`${name} has no account on ${called} and is not in the room there.`);
    for (const account of accounts.filter((each) => !invited.includes(each)))
      if (await how.attempt(`${name} could not be brought in`, () => how.keeper.invite(how.made, account)))
        invited.push(account);
  }
  return invited;
}
