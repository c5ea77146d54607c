import fc from "fast-check";
import { expect, it } from "vitest";
import { plainCard } from "../../../../src/bot/chat/plain-card.ts";
import { renderDiscordMessage, renderDiscordText } from "../../../../src/bot/discord/render/message.ts";
import type { Card } from "../../../../src/domain/messages/card.ts";
import { messageProblems } from "../../../fakes/discord/limits.ts";
import { renderedIn } from "../../../fakes/discord/markdown.ts";
import { parsedIn } from "../../../fakes/discord/parsed.ts";
import { anyCard } from "../../chat/any-card.ts";

const now = 1_763_700_000_000;
const chart = { name: "chart.png", mediaType: "image/png", bytes: new Uint8Array([1]) };

it("any card is a message that Discord takes, in which nothing from outside is parsed, and nothing is lost", () => {
  fc.assert(
    fc.property(anyCard, fc.boolean(), (card, drawn) => {
      const files = drawn ? [chart] : [];
      const message = renderDiscordMessage(card, { files, now });
      const names = message.files.map((file) => file.name);
      expect(messageProblems(message, names)).toEqual([]);
      expect(parsedIn(message)).toEqual([]);
      expect(followed({ content: "", embeds: message.embeds })).toEqual([]);
      const overflow = message.files.find((file) => file.name === "answer.txt");
      const whole = overflow && new TextDecoder().decode(overflow.bytes);
      expect(whole ?? plainCard(card, now)).toBe(plainCard(card, now));
      expect(message.embeds[0]?.description?.includes("the rest is in the file") ?? false).toBe(overflow !== undefined);
      const buttons = message.components.flatMap((row) => row.components);
      expect(buttons).toHaveLength(Math.min(25, card.actions?.length ?? 0));
      const shown = (message.embeds[0]?.description ?? "").replaceAll(/[\s\\*]/g, "");
      const lost = textsOf(card).filter((each) => !shown.includes(each.replaceAll(/\s/g, "")));
      expect(overflow ? [] : lost).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

it("any card is text that Discord takes when it takes no embed", () => {
  fc.assert(
    fc.property(anyCard, (card) => {
      const { content, files } = renderDiscordText(card, now);
      expect(
        messageProblems(
          { content },
          files.map((file) => file.name),
        ),
      ).toEqual([]);
      expect(parsedIn({ content })).toEqual([]);
      expect(followed({ content, embeds: [] })).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

/** What can be followed or is named, as Discord's own reading of the texts has it. */
function followed(message: Parameters<typeof renderedIn>[0]): string[] {
  return renderedIn(message).flatMap(({ links, named }) => [...links, ...named.users, ...named.roles, ...named.all]);
}

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
        return block.rows.flat().map((cell) => (typeof cell === "string" ? cell : cell.text));
      case "image":
      case "file":
      case "moment":
        return [];
    }
  });
  return texts.filter((each) => /^[A-Za-z0-9 ]*$/.test(each));
}

it("a time is the reader's own, a picture stands in the embed, and what is too large to send is said", () => {
  const card: Card = {
    tone: "warning",
    title: "Lag",
    blocks: [
      { kind: "moment", label: "Decide by", at: now },
      { kind: "image", file: "chart.png", alt: "Lag over 1 h" },
    ],
  };
  const huge = { name: "huge.log", mediaType: "text/plain", bytes: new Uint8Array(11 * 1024 * 1024) };
  const { embeds, files } = renderDiscordMessage(card, { files: [chart, huge], now });
  expect(embeds[0]).toMatchObject({ title: "⚠️ Lag", image: { url: "attachment://chart.png" } });
  expect(embeds[0]?.description).toContain("Decide by: <t:1763700000:T> (<t:1763700000:R>)");
  expect(embeds[0]?.description).toContain("huge.log is too large to send");
  expect(files.map((file) => file.name)).toEqual(["chart.png"]);
});
