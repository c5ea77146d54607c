import { z } from "zod";

/** What is read of what Slack sends. Everything else in a payload is left alone. */
export const SlashCommand = z.object({
  team_id: z.string(),
  channel_id: z.string(),
  user_id: z.string(),
  text: z.string().default(""),
  trigger_id: z.string(),
  response_url: z.string().optional(),
});
export type SlashCommand = z.output<typeof SlashCommand>;

/** A mention, or something said where the bot is. */
export const MessageEvent = z.object({
  user: z.string().optional(),
  /** The workspace of whoever said it; another one in a shared channel. */
  user_team: z.string().optional(),
  team: z.string().optional(),
  bot_id: z.string().optional(),
  subtype: z.string().optional(),
  edited: z.unknown().optional(),
  text: z.string().default(""),
  ts: z.string(),
  thread_ts: z.string().optional(),
  channel: z.string(),
  channel_type: z.string().optional(),
});
export type MessageEvent = z.output<typeof MessageEvent>;

/** A sign that somebody put under something. */
export const ReactionEvent = z.object({
  user: z.string(),
  /** The workspace of whoever put it, where that is told. */
  user_team: z.string().optional(),
  reaction: z.string(),
  item: z.object({ type: z.literal("message"), channel: z.string(), ts: z.string() }),
  /** Who wrote what it stands under. */
  item_user: z.string().optional(),
});
export type ReactionEvent = z.output<typeof ReactionEvent>;

/** Somebody came into a channel that the bot is in. */
export const JoinedEvent = z.object({
  user: z.string(),
  channel: z.string(),
  /** Their workspace; another one in a shared channel. */
  team: z.string().optional(),
});

export const EventEnvelope = z.object({ event_id: z.string(), team_id: z.string() });

export const HomeOpened = z.object({ user: z.string(), tab: z.string().default("home") });

const Who = z.object({ id: z.string(), team_id: z.string().optional() });
const Where = z.object({ id: z.string() });
const Said = z.object({ ts: z.string().optional(), thread_ts: z.string().optional() });

export const BlockAction = z.object({
  user: Who,
  team: z.object({ id: z.string() }).nullish(),
  trigger_id: z.string(),
  response_url: z.string().optional(),
  channel: Where.optional(),
  message: Said.optional(),
  container: z.object({ is_ephemeral: z.boolean().default(false) }).optional(),
  actions: z.array(z.object({ action_id: z.string() })).min(1),
});
export type BlockAction = z.output<typeof BlockAction>;

export const ViewSubmission = z.object({
  user: Who,
  team: z.object({ id: z.string() }).nullish(),
  trigger_id: z.string(),
  view: z.object({
    id: z.string(),
    hash: z.string().default(""),
    private_metadata: z.string(),
    state: z.object({ values: z.unknown() }),
  }),
});
export type ViewSubmission = z.output<typeof ViewSubmission>;

export const MessageShortcut = z.object({
  user: Who,
  team: z.object({ id: z.string() }).nullish(),
  trigger_id: z.string(),
  response_url: z.string().optional(),
  callback_id: z.string(),
  channel: Where,
  message: z.object({ ts: z.string(), thread_ts: z.string().optional(), text: z.string().default("") }),
});
export type MessageShortcut = z.output<typeof MessageShortcut>;
