import fc from "fast-check";
import type { Block, Card } from "../../../src/domain/messages/card.ts";

const hostile = [
  "<!channel> @everyone <@U1> <https://evil.test|Approve> https://evil.test *bold* _it_ ~no~ `code` ```block``` :fire:",
  "> quote\n# heading\n- item\n1. item ||spoiler|| [link](https://evil.test) <@123> <t:0:R> </cmd:1>",
  "\u202Egnp.exe\u2066 zero\u200Bwidth \uFEFF",
  "\uD800 lone \uDFFF",
  "x".repeat(4_000),
  "a\nb\r\nc\n\n\n",
  "👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301",
];

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc.constantFrom(...hostile),
  fc.string({ maxLength: 12 }).map((each) => each.repeat(150)),
);
const tone = fc.constantFrom("neutral", "good", "warning", "bad", "unknown");

const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant("text" as const), text }),
  fc.record({ kind: fc.constant("code" as const), text }),
  fc.record({
    kind: fc.constant("fields" as const),
    fields: fc.array(fc.record({ name: text, value: text, tone }), { maxLength: 40 }),
  }),
  fc.integer({ min: 1, max: 6 }).chain((width) =>
    fc.record({
      kind: fc.constant("table" as const),
      columns: fc.array(fc.record({ title: text, align: fc.constantFrom("left", "right") }), {
        minLength: width,
        maxLength: width,
      }),
      rows: fc.array(fc.array(fc.oneof(text, fc.record({ text, tone })), { minLength: width, maxLength: width }), {
        maxLength: 60,
      }),
    }),
  ),
  fc.record({
    kind: fc.constant("list" as const),
    items: fc.array(fc.record({ text, tone }), { maxLength: 80 }),
    ordered: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("image" as const), file: fc.constant("chart.png"), alt: text }),
  fc.record({ kind: fc.constant("file" as const), file: fc.constant("plan.json"), note: text }),
  fc.record({ kind: fc.constant("moment" as const), label: text, at: fc.integer({ min: 0, max: 4_000_000_000_000 }) }),
);

/** Any card there could be: any length, any character, any number of anything. */
export const anyCard: fc.Arbitrary<Card> = fc.record(
  {
    tone,
    title: text,
    summary: text,
    blocks: fc.array(block, { maxLength: 60 }),
    footer: text,
    actions: fc.array(
      fc.record({
        id: fc.uuid(),
        label: text,
        style: fc.constantFrom("default" as const, "primary" as const, "danger" as const),
        command: fc.constant("status"),
        args: fc.constant({}),
      }),
      { maxLength: 40 },
    ),
  },
  { requiredKeys: ["tone", "title", "blocks"] },
);
