import { z } from "zod";
import type { Card } from "../../domain/messages/card.ts";
import { Scalar } from "../../domain/systems/values.ts";

const Tone = z.enum(["neutral", "good", "warning", "bad", "unknown"]);
const tone = Tone.exactOptional();

const Block = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("text"), text: z.string(), tone }),
  z.object({
    kind: z.literal("fields"),
    fields: z.array(z.object({ name: z.string(), value: z.string(), tone })),
  }),
  z.object({
    kind: z.literal("table"),
    columns: z.array(z.object({ title: z.string(), align: z.enum(["left", "right"]).exactOptional() })),
    rows: z.array(z.array(z.union([z.string(), z.object({ text: z.string(), tone })]))),
  }),
  z.object({ kind: z.literal("code"), text: z.string() }),
  z.object({
    kind: z.literal("list"),
    items: z.array(z.object({ text: z.string(), tone })),
    ordered: z.boolean().exactOptional(),
  }),
  z.object({ kind: z.literal("image"), file: z.string(), alt: z.string() }),
  z.object({ kind: z.literal("file"), file: z.string(), note: z.string().exactOptional() }),
  z.object({ kind: z.literal("moment"), label: z.string(), at: z.number() }),
]);

const StoredCard: z.ZodType<Card> = z.object({
  tone: Tone,
  title: z.string(),
  summary: z.string().exactOptional(),
  blocks: z.array(Block),
  actions: z
    .array(
      z.object({
        id: z.string().exactOptional(),
        label: z.string(),
        style: z.enum(["default", "primary", "danger"]).exactOptional(),
        command: z.string(),
        args: z.record(z.string(), Scalar),
        ask: z.array(z.string()).exactOptional(),
      }),
    )
    .exactOptional(),
  footer: z.string().exactOptional(),
});

const Body = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ask"), text: z.string() }),
  z.object({ kind: z.literal("say"), text: z.string() }),
  z.object({ kind: z.literal("card"), card: StoredCard }),
]);
type Body = z.output<typeof Body>;

/** A message as it is kept. Null where SQLite has null. */
export const MessageRow = z.object({
  seq: z.number(),
  id: z.string(),
  nonce: z.string(),
  channel: z.string(),
  thread: z.string().nullable(),
  answers: z.string().nullable(),
  /** Null is the bot. */
  author: z.string().nullable(),
  /** Null is everyone. */
  audience: z.string().nullable(),
  at: z.number(),
  edited: z.number(),
  version: z.number(),
  touched: z.number(),
  body: z.string().transform((text) => Body.parse(JSON.parse(text))),
});
export type MessageRow = z.output<typeof MessageRow>;

export const FileRow = z.object({
  id: z.string(),
  message: z.string(),
  name: z.string(),
  media_type: z.string(),
  size: z.number(),
});
export type FileRow = z.output<typeof FileRow>;

export const FileContent = FileRow.extend({ bytes: z.instanceof(Uint8Array) });
export type FileContent = z.output<typeof FileContent>;

/** A room of an incident. In one that is secluded only its members are. */
export const RoomRow = z.object({
  channel: z.string(),
  topic: z.string(),
  secluded: z.number(),
  members: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
  at: z.number(),
});
export type RoomRow = z.output<typeof RoomRow>;

/** A message about to be kept. */
export interface Draft {
  readonly nonce: string;
  readonly channel: string;
  readonly thread?: string;
  readonly answers?: string;
  readonly author?: string;
  readonly audience?: string;
  readonly at: number;
  readonly body: Body;
}
