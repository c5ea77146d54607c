import type { Place } from "../messages/place.ts";
import { type Channel, channelAt, type Policy } from "../people/policy.ts";
import { startOf } from "../text/cut-text.ts";
import type { Incident } from "./incident.ts";

/** Where the people of an incident talk on one surface: a channel of its own, or a thread. */
export interface IncidentRoom {
  readonly incident: number;
  readonly surface: string;
  /** The platform's id of the configured channel that it is like, or below: what that one allows is allowed in it. */
  readonly like: string;
  readonly isPrivate: boolean;
  /** What people call it, and where it is, once it is made. */
  readonly name?: string;
  readonly place?: Place;
  /** What keeps it from being there or from being as it should be, each with what helps. */
  readonly lacks: readonly string[];
  /** Accounts that are in it because the bot brought them in. */
  readonly invited: readonly string[];
  /** What it is said to be about, and the message that is pinned in it. */
  readonly topic?: string;
  readonly pinned?: string;
  readonly linked?: boolean;
}

/** The room that an incident is to have, like or below a channel of a surface. */
export function roomWanted(
  { number, isPrivate }: Incident,
  { surface, like }: Pick<IncidentRoom, "surface" | "like">,
): IncidentRoom {
  return { incident: number, surface, like, isPrivate: isPrivate ?? false, lacks: [], invited: [] };
}

/** A room that people can talk in. */
export interface StandingRoom extends Pick<IncidentRoom, "incident" | "surface" | "like"> {
  readonly place: Place;
  readonly system?: string;
  /** Its incident is over: it goes on being a place to talk in until this store time, in ms. */
  readonly until?: number;
}

/** Slack takes 80 characters; what tells two of one name apart has room behind these. */
const longestName = 60;

/** What the room of an incident is called: the same for the same incident, in characters that every platform takes. */
export function roomName({ number, system, title }: Pick<Incident, "number" | "system" | "title">): string {
  const words = [system ?? "", title]
    .join(" ")
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  return startOf(`inc-${number}-${words}`, longestName).replaceAll(/-+/g, "-").replace(/-+$/, "");
}

/** So many names are tried where others have them. */
const mostNames = 9;

/** The name, and what is tried where a channel that is not this room has it. */
export function roomNames(name: string): readonly string[] {
  return Array.from({ length: mostNames }, (_, at) => (at === 0 ? name : `${name}-${at + 1}`));
}

/** What a room is said to be about, in one line. */
export function roomTopic(incident: Incident): string {
  const { number, severity, phase, title, roles, system } = incident;
  const who = roles.commander ? `, commander ${roles.commander.name}` : "";
  return startOf(
    `Incident ${number}, ${severity}, ${phase}${who}: ${system === undefined ? "" : `${system}, `}${title}`,
    240,
  );
}

/**
 * The rules in force where rooms are channels as well: what the channel that one is like allows, for its incident's system alone.
 * A room whose channel is not configured any more allows nothing. A thread goes by its channel's rules anyway.
 */
export function withRooms(policy: Policy, rooms: readonly StandingRoom[]): Policy {
  const made = rooms.flatMap(({ incident, surface, like, place, system, until }): Channel[] => {
    const pattern = policy.channels.find((each) => each.surface === surface && each.channel === like);
    if (!pattern || place.thread !== undefined || channelAt(place, policy) !== undefined) return [];
    const serves = pattern.systems === "*" || system === undefined || pattern.systems.includes(system);
    if (!serves) return [];
    const systems = system === undefined ? pattern.systems : [system];
    const id = `incident-${incident}`;
    const own = { id, title: `Incident ${incident}`, channel: place.channel, systems };
    return [{ ...pattern, ...own, requests: until === undefined, operator: false }];
  });
  return made.length === 0 ? policy : { ...policy, channels: [...policy.channels, ...made] };
}
