import type { Command } from "../domain/commands/command.ts";
import type { DeliveryContent, FieldValues } from "../domain/commands/delivery-content.ts";
import type { Leases } from "../domain/lease.ts";
import type { Log } from "../domain/log.ts";
import type { MessageRef, Outgoing, Outlet } from "../domain/messages/message.ts";
import type { Place } from "../domain/messages/place.ts";
import type { Troubles } from "../domain/messages/trouble.ts";
import type { Meter } from "../domain/meter.ts";
import type { Directory } from "../domain/people/directory.ts";
import type { Account } from "../domain/people/person.ts";
import type { Form } from "./language/form.ts";
import type { Choice, Completion } from "./language/suggest.ts";

/** What a surface hands to the pipeline. The account is the one the surface authenticated, never one a payload names. */
export interface Delivery {
  /** The delivery's own id on its surface; the same id again is the same delivery. */
  readonly id: string;
  readonly account: Account;
  readonly place: Place;
  readonly content: DeliveryContent;
  /** Shows the answer where it was asked. Undefined when the message has no lasting id (a private one). */
  respond(message: Outgoing): Promise<MessageRef | undefined>;
  /** No form can be opened for it: what is missing is said in words, with what there is to choose from. */
  readonly inWords?: boolean;
  /** Asks for what is missing. Submitting it is a new delivery whose content is a "form". */
  form(form: Form): Promise<void>;
  /**
   * Shows that the answer is under way, where the answer will stand: `respond` replaces it. Called again as time goes on.
   * Left out by a surface that shows so by itself. Undefined when what it shows has no lasting id.
   */
  working?(message: Outgoing): Promise<MessageRef | undefined>;
}

/** The one pipeline, as surfaces see it. */
export interface Bot {
  /** Resolves when the answer has been given or handed to delivery. Never rejects. `accepted` is called once it is committed. */
  handle(delivery: Delivery, accepted?: () => void): Promise<void>;
  /** What fits at the end of `text` for this account here; only what it may do. */
  complete(account: Account, place: Place, text: string): Promise<readonly Completion[]>;
  /** Values for one field of a command, from live data; at most 25. Only what this account may see here. */
  choices(query: ChoiceQuery): Promise<readonly Choice[]>;
  /** Is this the room of an incident, or in one? What is said elsewhere without asking the bot is none of its business. */
  isInRoom(place: Place): Promise<boolean>;
  /** Somebody wants what was said kept, where it was said in a room. Rejects where it could not be done for now. */
  keep(kept: MessageToKeep): Promise<void>;
  /** Somebody came into a channel or a thread. Rejects where it could not be put on record for now. */
  joined(joined: Joined): Promise<void>;
}

/** A message that somebody put a sign under to have it kept. */
export interface MessageToKeep {
  /** Who put the sign there. */
  readonly account: Account;
  readonly place: Place;
  readonly message: MessageRef;
  /** What it says, who said it by their account's id, and when, ms; asked only where it is to be kept. Undefined where that cannot be had. */
  read(): Promise<{ readonly text: string; readonly author?: string; readonly at: number } | undefined>;
}

export interface Joined {
  readonly account: Account;
  readonly place: Place;
}

export interface ChoiceQuery {
  readonly account: Account;
  readonly place: Place;
  /** The command's whole name, one or two words. */
  readonly command: string;
  readonly field: string;
  /** What stands in the field so far. */
  readonly typed: string;
  /** The other fields as they stand. */
  readonly values: FieldValues;
}

/** A chat platform, connected. It keeps itself connected for as long as it runs. */
export interface ChatSurface extends Outlet {
  readonly directory: Directory;
  /** Begins to connect, and goes on trying for ever. */
  start(): void;
  /** Takes nothing new, lets what was accepted be answered, and hangs up. Never rejects. */
  stop(): Promise<void>;
  /** Why it would not hear somebody now, in one sentence; undefined when it would. */
  deaf(): string | undefined;
  /** How what it says fails to be seen in time, in words; undefined while it is, and where nobody looks. */
  late?(): string | undefined;
}

/** What every chat platform is built from, besides its own options. */
export interface ChatSurfaceParts {
  readonly bot: Bot;
  /** All commands as they are configured now: what is offered natively is derived from them. */
  readonly commands: () => readonly Command[];
  /** Ids of the groups of a surface that the rules in force give roles by: no other group has to be known. */
  readonly groupsNamed: (surface: string) => Promise<readonly string[]>;
  readonly leases: Leases;
  readonly troubles: Troubles;
  readonly log: Log;
  readonly meter: Meter;
}
