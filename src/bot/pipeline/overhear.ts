import { isNoted, noteHappening } from "../../acts/incidents/note-happening.ts";
import { isKnownTo } from "../../domain/incidents/incident.ts";
import type { Who } from "../../domain/journal.ts";
import { personOf } from "../../domain/people/person.ts";
import { surfaceName } from "../../domain/people/surface.ts";
import { may } from "../../domain/people/viewer.ts";
import { cutText } from "../../domain/text/cut-text.ts";
import { oneLine } from "../../domain/text/quantities.ts";
import { redact } from "../../domain/text/redact.ts";
import { incidentAt } from "../../reads/incidents.ts";
import { readIncident } from "../../records/incident.ts";
import { entryId } from "../../records/timeline.ts";
import type { Joined, MessageToKeep } from "../surface.ts";
import { holderOf } from "./account-holder.ts";
import type { DeliveryPorts } from "./ports.ts";

/** Longest text of what is kept of a message, in characters. */
const longest = 600;

/**
 * Puts what was said in a room on the timeline as it reads now, whatever becomes of the message; once, whoever asks it again.
 * Nothing comes of it outside rooms, and from whoever may not respond: people put signs under messages for reasons of their own.
 */
export async function keepMessage(ports: DeliveryPorts, kept: MessageToKeep): Promise<void> {
  const { store, people } = ports.world;
  const { account, message } = kept;
  const number = await incidentAt(store, kept.place);
  if (number === undefined) return;
  const entry = { incident: number, id: entryId(0, `said-${message.surface}-${message.channel}-${message.id}`) };
  const [read, noted] = await Promise.all([readIncident(store, number), isNoted(store, entry)]);
  if (!read || noted) return;
  const policy = await ports.policyInForce();
  const { person } = await holderOf(people.directory, account, { policy });
  const viewer = { person, place: kept.place, policy };
  if (!person || !may(viewer, "respond", read.incident.system).allowed || !isKnownTo(read.incident, person.id)) return;
  const said = await kept.read();
  const text = said && oneLine(redact(said.text));
  if (!text) {
    ports.log.warn("a message that was to be put on a timeline could not be read", { incident: number });
    return;
  }
  const author =
    said.author === undefined ? undefined : personOf({ surface: account.surface, id: said.author }, policy.people);
  const keeper = author?.id === person.id ? "" : ` (put here by ${person.name})`;
  await noteHappening(
    store,
    {
      ...entry,
      at: Math.min(said.at, await store.now()),
      kind: "note",
      ...(author && { who: { person: author.id, name: author.name } }),
      text: `“${cutText(text, longest)}”${keeper}`,
      source: `${surfaceName(ports.surfaces, message.surface)} message ${message.id}`,
    },
    { person: person.id, name: person.name, account: `${account.surface}:${account.id}` },
  );
}

/** Who comes into a room stands on the timeline, once. */
export async function noteJoined(ports: DeliveryPorts, { account, place }: Joined): Promise<void> {
  const { store } = ports.world;
  const number = await incidentAt(store, place);
  if (number === undefined) return;
  const person = personOf(account, (await ports.policyInForce()).people);
  const called = surfaceName(ports.surfaces, account.surface);
  const own = `${account.surface}:${account.id}`;
  const by: Who = person
    ? { person: person.id, name: person.name, account: own }
    : { person: null, name: `an account that is nobody's (${account.id})`, account: own };
  await noteHappening(
    store,
    {
      incident: number,
      id: entryId(0, `joined-${account.surface}-${account.id}`),
      at: await store.now(),
      kind: "room",
      ...(person && { who: { person: person.id, name: person.name } }),
      text: person
        ? `joins the room on ${called}`
        : `an account that is nobody's (${account.id}) joins the room on ${called}`,
    },
    by,
  );
}
