import { BackendError } from "../../domain/failure.ts";
import { roomNames } from "../../domain/incidents/room.ts";
import type { MadeRoom, RoomKeeper, WantedRoom } from "../../domain/messages/message.ts";
import type { Hub } from "./hub.ts";
import type { RoomRow } from "./message-rows.ts";
import type { MessageStore } from "./message-store.ts";

/** Rooms of incidents in the console: a channel each beside those that are configured. */
export class ConsoleRooms implements RoomKeeper {
  readonly #store: MessageStore;
  readonly #hub: Hub;
  readonly #now: () => number;

  constructor(parts: { readonly store: MessageStore; readonly hub: Hub; readonly now: () => number }) {
    this.#store = parts.store;
    this.#hub = parts.hub;
    this.#now = parts.now;
  }

  async open({ name: wanted, since, isPrivate }: WantedRoom): Promise<MadeRoom> {
    const rooms = this.#store.rooms();
    for (const name of roomNames(wanted)) {
      const known = rooms.find(({ channel }) => channel === name);
      // The console keeps what was said longer than an incident lasts.
      if (known ? known.at < since : this.#hub.knows(name)) continue;
      if (!known) this.#keep({ channel: name, topic: "", secluded: isPrivate ? 1 : 0, members: [], at: this.#now() });
      return { name, place: { surface: "console", channel: name } };
    }
    throw new BackendError("console", { fault: "refused", detail: `every name from ${wanted} on is taken` });
  }

  async describe({ place: { channel } }: MadeRoom, topic: string): Promise<void> {
    this.#keep({ ...this.#room(channel), topic });
  }

  async invite({ place: { channel } }: MadeRoom, account: string): Promise<void> {
    const room = this.#room(channel);
    this.#keep({ ...room, members: [...new Set([...room.members, account])] });
  }

  #room(channel: string): RoomRow {
    const found = this.#store.rooms().find((each) => each.channel === channel);
    if (!found) throw new BackendError("console", { fault: "missing", detail: `there is no room ${channel}` });
    return found;
  }

  #keep(room: RoomRow): void {
    this.#store.putRoom(room);
    this.#hub.publishChannels();
  }
}
