import { z } from "zod";
import type { Card } from "../../domain/messages/card.ts";
import type { Form } from "../language/form.ts";
import type { Completion } from "../language/suggest.ts";

/** A channel of the console, as the configuration names it. `channel` is the id that places and messages carry. */
export interface ConsoleChannel {
  readonly id: string;
  readonly title: string;
  readonly channel: string;
  /** What it is about, of the room of an incident. */
  readonly topic?: string;
}

/** Someone a visitor of the demo can be. `roleWords` says in a few words what this person may do. */
export interface ConsoleAccount {
  readonly id: string;
  readonly label: string;
  readonly personName: string;
  readonly roleWords: string;
}

/** The longest text a person can send, in UTF-16 units. */
const maxTextLength = 4_000;

const Key = z.string().regex(/^[\w.:-]{1,80}$/);
/** The page's own id of a delivery. */
const ClientId = z.string().regex(/^[\w-]{8,80}$/);
const Place = { channel: z.string().min(1).max(200), thread: Key.optional() };
const FieldValue = z.union([z.string().max(maxTextLength), z.number(), z.boolean()]);

/** What the page may say. Nothing in it names who acts: that is the socket's own state, set by `hello` and `become`. */
export const ClientFrame = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("hello"), token: z.string().max(200), tab: Key, account: Key.optional() }),
  z.strictObject({ type: z.literal("become"), account: Key }),
  z.strictObject({
    type: z.literal("open"),
    channel: z.string().min(1).max(200),
    before: z.int().positive().optional(),
  }),
  z.strictObject({
    type: z.literal("send"),
    id: ClientId,
    ...Place,
    text: z.string().trim().min(1).max(maxTextLength),
    say: z.boolean(),
  }),
  z.strictObject({ type: z.literal("press"), id: ClientId, message: Key, action: z.string().min(1).max(200) }),
  z.strictObject({
    type: z.literal("submit"),
    id: ClientId,
    channel: z.string().min(1).max(200),
    thread: Key,
    answers: Key.optional(),
    command: z.string().min(1).max(100),
    values: z.record(z.string().max(100), FieldValue).refine((values) => Object.keys(values).length <= 60),
    carried: z.array(z.string().max(100)).max(60),
  }),
  z.strictObject({ type: z.literal("complete"), seq: z.int(), ...Place, text: z.string().max(maxTextLength) }),
  z.strictObject({ type: z.literal("read"), channel: z.string().min(1).max(200), touched: z.int().nonnegative() }),
]);
export type ClientFrame = z.output<typeof ClientFrame>;
export type FrameOf<Type extends ClientFrame["type"]> = Extract<ClientFrame, { type: Type }>;

/** A message as the page shows it: every text already inert. */
export interface MessageView {
  readonly id: string;
  /** Order of posting. */
  readonly seq: number;
  /** Order of the last change worth a reader's attention; what is unread is counted by it. */
  readonly touched: number;
  readonly version: number;
  readonly channel: string;
  /** The id its author's page gave it, by which that page knows its own again. */
  readonly client?: string;
  /** The message it stands under. */
  readonly thread?: string;
  /** The asking it answers; the thread's root when left out. */
  readonly answers?: string;
  readonly author:
    | { readonly kind: "person"; readonly account: string; readonly name: string }
    | { readonly kind: "bot" };
  /** Wall-clock ms. */
  readonly at: number;
  readonly edited: boolean;
  /** Only the account it was sent to has it. */
  readonly private: boolean;
  readonly body: BodyView;
}

export type BodyView =
  | { readonly kind: "ask" | "say"; readonly text: string }
  | { readonly kind: "card"; readonly card: Card; readonly files: readonly FileView[] };

export interface FileView {
  readonly name: string;
  readonly url: string;
  readonly mediaType: string;
  readonly bytes: number;
}

export interface ChannelView extends ConsoleChannel {
  readonly unread: number;
}

/** A form the bot opened, and where its answer belongs. */
export interface FormView {
  readonly form: Form;
  readonly channel: string;
  readonly thread: string;
  readonly answers?: string;
}

/** What the console is configured with. */
export interface ConsoleSetup {
  /** Who a visitor can be; the first is who they are at first. */
  readonly accounts: readonly [ConsoleAccount, ...ConsoleAccount[]];
  readonly channels: readonly ConsoleChannel[];
  /** Offered to a first-time visitor, as typed. */
  readonly examples: readonly string[];
}

export type ServerFrame =
  | {
      readonly type: "welcome";
      readonly account: string;
      readonly accounts: readonly ConsoleAccount[];
      readonly channels: readonly ChannelView[];
      readonly examples: readonly string[];
      /** Askings that are being worked on. */
      readonly working: readonly string[];
    }
  | {
      readonly type: "history";
      readonly channel: string;
      readonly messages: readonly MessageView[];
      /** Older ones exist. */
      readonly more: boolean;
      readonly before?: number;
      readonly readTo: number;
    }
  | { readonly type: "message"; readonly message: MessageView }
  | { readonly type: "channels"; readonly channels: readonly ChannelView[] }
  | { readonly type: "unread"; readonly channel: string; readonly count: number }
  | { readonly type: "working"; readonly ask: string; readonly on: boolean }
  /** The delivery is safe: the page need not send it again. */
  | { readonly type: "accepted"; readonly id: string }
  | { readonly type: "done"; readonly id: string }
  | { readonly type: "refused"; readonly id: string; readonly why: string }
  | { readonly type: "form"; readonly id: string; readonly view: FormView }
  | { readonly type: "completions"; readonly seq: number; readonly items: readonly Completion[] }
  | { readonly type: "problem"; readonly why: string }
  | { readonly type: "beat" };

/** Why the server ends a socket, so that the page knows what to do. */
export const closeCodes = { leaving: 1001, badFrame: 1008, notAuthentic: 4401, tooMany: 4429 } as const;
