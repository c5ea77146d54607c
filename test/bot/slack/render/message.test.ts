import fc from "fast-check";
import { expect, it } from "vitest";
import { plainCard } from "../../../../src/bot/chat/plain-card.ts";
import { renderSlackMessage, renderSlackText } from "../../../../src/bot/slack/render/message.ts";
import type { Card } from "../../../../src/domain/messages/card.ts";
import { blockProblems, textProblems } from "../../../fakes/slack/limits.ts";
import { anyCard } from "../../chat/any-card.ts";

const now = 1_763_700_000_000;
const none = { images: new Map<string, string>(), now };

/** Every text in the blocks, wherever it stands. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join("\n");
  if (typeof value !== "object" || value === null) return "";
  return Object.entries(value)
    .map(([key, each]) =>
      typeof each === "string" && ["text", "alt_text", "fallback"].includes(key) ? each : shown(each),
    )
    .join("\n");
}

const kinds = new Set<string>();
function kindsIn(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if ("type" in value && typeof value.type === "string") kinds.add(value.type);
  for (const each of Object.values(value)) kindsIn(each);
}

it("any card is a message that Slack takes, in which nothing is parsed, and nothing is lost", () => {
  fc.assert(
    fc.property(anyCard, fc.boolean(), (card, uploaded) => {
      const images = new Map(uploaded ? [["chart.png", "F1"]] : []);
      const message = renderSlackMessage(card, { images, now });
      expect(blockProblems(message.blocks)).toEqual([]);
      expect(textProblems(message.text)).toEqual([]);
      expect(message.text).not.toMatch(/[<>]/);
      kindsIn(message.blocks);
      const text = shown(message.blocks).replaceAll(/\s/g, "");
      const file = message.overflow && new TextDecoder().decode(message.overflow.bytes);
      expect(file ?? plainCard(card, now)).toBe(plainCard(card, now));
      const lost = textsOf(card).filter((each) => !text.includes(each.replaceAll(/\s/g, "")));
      expect(file === undefined ? lost : []).toEqual([]);
      expect(text.includes("therestisinthefileanswer.txt")).toBe(file !== undefined);
      expect(renderSlackMessage(card, { images, now })).toEqual(message);
      const pressable = message.blocks.flatMap((block) => (block.type === "actions" ? block.elements : []));
      expect(pressable).toHaveLength(Math.min(25, card.actions?.length ?? 0));
    }),
    { numRuns: 150 },
  );
  const parsed = ["mrkdwn", "link", "user", "usergroup", "channel", "broadcast", "emoji", "markdown"];
  expect([...kinds].filter((kind) => parsed.includes(kind))).toEqual([]);
});

it("any card is text that Slack takes when it takes no blocks", () => {
  fc.assert(
    fc.property(anyCard, (card) => {
      const { text, overflow } = renderSlackText(card, now);
      expect(text).toMatch(/^```\n[^`<>]*\n```$/);
      expect(text.length).toBeLessThan(15_000);
      const whole = plainCard(card, now);
      expect(overflow !== undefined || text.length >= whole.length).toBe(true);
    }),
    { numRuns: 100 },
  );
});

/** The parts of a card's text that need no escaping, so that they can be looked for as they are. */
function textsOf(card: Card): string[] {
  const texts = card.blocks.flatMap((block): string[] => {
    switch (block.kind) {
      case "text":
      case "code":
        return block.text.split("\n");
      case "list":
        return block.items.map((item) => item.text);
      case "fields":
        return block.fields.flatMap((field) => [field.name, field.value]);
      case "table":
        return block.rows.length === 0
          ? []
          : block.rows.flat().map((cell) => (typeof cell === "string" ? cell : cell.text));
      case "image":
      case "file":
      case "moment":
        return [];
    }
  });
  return texts.filter((each) => /^[\w .,-]*$/.test(each));
}

it("shows a picture that Slack has, and says in words what one shows that it has not", () => {
  const card: Card = { tone: "good", title: "Lag", blocks: [{ kind: "image", file: "lag.png", alt: "Lag over 1 h" }] };
  const given = renderSlackMessage(card, { images: new Map([["lag.png", "F0123"]]), now });
  expect(given.blocks).toContainEqual({ type: "image", slack_file: { id: "F0123" }, alt_text: "Lag over 1 h" });
  expect(shown(renderSlackMessage(card, none).blocks)).toContain("Lag over 1 h");
});

it("a narrow table stands in columns; a wide one is a line for each row", () => {
  const table = (cell: string): Card => ({
    tone: "good",
    title: "Systems",
    blocks: [
      { kind: "table", columns: [{ title: "System" }, { title: "State", align: "right" }], rows: [["guard", cell]] },
    ],
  });
  expect(shown(renderSlackMessage(table("up"), none).blocks)).toContain("System  State\nguard      up");
  expect(shown(renderSlackMessage(table("down ".repeat(12)), none).blocks)).toContain("· State: down");
});

it("what does not fit where no file can go says where the rest is", () => {
  const items = Array.from({ length: 200 }, (_, index) => ({ text: `Alert ${index} ${"x".repeat(100)}` }));
  const card: Card = { tone: "bad", title: "Firing", blocks: [{ kind: "list", items }] };
  const text = shown(renderSlackMessage(card, { ...none, rest: "Send the bot the message home" }).blocks);
  expect(text).toContain("Send the bot the message home");
  expect(text).not.toContain("answer.txt");
});
