import { z } from "zod";
import type { Account } from "../people/person.ts";
import type { Attachment, Card } from "./card.ts";
import type { Lane } from "./lane.ts";
import { Place } from "./place.ts";

/** What became of what was asked. */
export const outcomes = ["answered", "refused", "failed", "unreadable"] as const;
export type Outcome = (typeof outcomes)[number];

/** A message to send or to bring up to date. */
export interface Outgoing {
  readonly card: Card;
  readonly files: readonly Attachment[];
  /** Same nonce, same message: a surface that has already taken it answers with the message it made then. */
  readonly nonce: string;
  /** The request the message is about, for surfaces that answer programs. */
  readonly about?: RequestAbout;
  /** The id of the log that is followed from here on, for surfaces that print its lines as they come. */
  readonly follows?: string;
  /** Set on an answer, for surfaces that answer programs. */
  readonly outcome?: Outcome;
  /** Only this account sees it. Such a message is never edited later. */
  readonly audience?: Account;
  /** An earlier attempt may have arrived: it is looked for, by its nonce, before it is sent once more. */
  readonly again?: boolean;
  /** It is a line under a message: the newest of those that are known to stand there, which it comes after. */
  readonly line?: { readonly after?: string };
  /** The id of the delivery that it answers, on its surface, where another process may have begun to answer it. */
  readonly answers?: string;
  /** `notice` when left out. */
  readonly lane?: Lane;
  /** Whom it is meant to rouse, by their accounts on its surface. An edit rouses nobody. */
  readonly calls?: readonly Called[];
}

/** Somebody who is called by name. */
export interface Called {
  readonly account: Account;
  readonly name: string;
}

/** A request and its state, as they were when the message was made. */
export interface RequestAbout {
  readonly kind: "request";
  readonly id: string;
  readonly state: string;
}

/** Where a message ended up. */
export const MessageRef = z.object({ surface: Place.shape.surface, channel: z.string(), id: z.string() });
export type MessageRef = Readonly<z.output<typeof MessageRef>>;

/**
 * Sends for one surface, at the pace the platform allows. Rejects with BackendError: `missing` or `refused` when the
 * channel or message cannot be had, `unauthorised` when the platform no longer knows the bot, `lost` when the message may
 * have arrived and could not be found again.
 */
export interface Courier {
  readonly surface: string;
  post(place: Place, message: Outgoing): Promise<MessageRef>;
  /** Answers where the message stands now: a new one, linking the old, when the platform no longer lets the old be edited. */
  edit(ref: MessageRef, message: Outgoing): Promise<MessageRef>;
}

/** Takes the bot's messages away again. */
export interface MessageRemover {
  /** One that is gone already is no failure. */
  remove(ref: MessageRef): Promise<void>;
}

/** Says something under a message of the bot's. */
export interface Threads {
  /** Rejects as a courier does. */
  say(under: MessageRef, message: Outgoing): Promise<MessageRef>;
}

/** A room that is wanted on a surface. */
export interface WantedRoom {
  /** What it is called; where others have that name, with a number behind it. */
  readonly name: string;
  /** Made no earlier than this, in ms: what is older and called so is another's. */
  readonly since: number;
  readonly isPrivate: boolean;
  /** The channel that it is like, or below which it is. */
  readonly like: string;
}

/** A room that stands, and what it came to be called. */
export interface MadeRoom {
  readonly place: Place;
  readonly name: string;
}

/** Makes rooms for incidents. Each rejects as a courier does, with what helps in the words of its surface. */
export interface RoomKeeper {
  /** The same room for the same name and time: one that was made before, whose answer was lost, is found again. */
  open(wanted: WantedRoom): Promise<MadeRoom>;
  /** Says what it is about. Left out where rooms have no such line. */
  describe?(room: MadeRoom, topic: string): Promise<void>;
  /** Brings accounts in; who is in it already is no failure. */
  invite(room: MadeRoom, account: string): Promise<void>;
  /** Puts links where everybody in it finds them. Left out where rooms have no such place. */
  link?(room: MadeRoom, links: Readonly<Record<string, string>>): Promise<void>;
  /** Pins a message of the bot's in it. Left out where nothing can be pinned. */
  pin?(message: MessageRef): Promise<void>;
}

/**
 * A surface as something to send through. What every surface can do is the courier's; what only some can is an ability of
 * its own here, so that no courier carries stubs: whoever needs one asks for it, and does without where it is missing.
 */
export interface Outlet {
  readonly courier: Courier;
  readonly remover?: MessageRemover;
  /** Where a thread is more than a message that names another. */
  readonly threads?: Threads;
  readonly rooms?: RoomKeeper;
}
