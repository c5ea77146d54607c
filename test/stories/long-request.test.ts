import { describe, expect, it, vi } from "vitest";
import type { Config } from "../../src/config/load-config.ts";
import type { Card } from "../../src/domain/messages/card.ts";
import { Step } from "../../src/domain/systems/steps.ts";
import { type House, openHouse } from "./house/house.ts";
import { discordTalk, slackTalk, type Talk } from "./house/talk.ts";
import { cardOf, codeOf, openRoom } from "./room.ts";

const asking = 'run alphapulse migrate reason:"the books move to the other exchange"';
const stepCount = 12;
/** A file may take its time; the machine may be busy. */
const patience = { timeout: 60_000, interval: 50 };
/** What stands in the open in a body. `wardroom check` refuses a file that says so; no card shows it all the same. */
const open = ["Zx9plainSecret8812", "AKIAIOSFODNN7EXAMPLE", "hunter2hunter2"];

/** Not less than 5,000 characters, with secrets at its start, where a card cuts it, and at its end. */
function body(index: number): Record<string, string> {
  return {
    api_secret: "Zx9plainSecret8812",
    token: "${env:ALPHAPULSE_TOKEN}",
    note: `${"n".repeat(40)} password=hunter2hunter2 `,
    orders: Array.from(
      { length: 60 },
      (_, order) => `order ${index}-${order}: <b>@everyone</b> *${"_x".repeat(25)}*`,
    ).join("; "),
    aws: "the key is AKIAIOSFODNN7EXAMPLE",
    json: JSON.stringify({ deep: { password: "hunter2hunter2" } }),
    last: "z".repeat(300),
  };
}

function withMigration(config: Config): Config {
  return {
    ...config,
    systems: config.systems.map((system) => {
      const { flatten } = system.operations;
      if (!flatten) return system;
      const [first] = flatten.steps;
      if (first?.kind !== "http") throw new Error("the demo flattens by HTTP");
      const steps = Array.from({ length: stepCount }, (_, index) =>
        Step.parse({
          ...first,
          id: `move-${index}`,
          title: `Move part ${index + 1} of the books`,
          spec: { ...Object(first.spec), json: body(index) },
        }),
      );
      const migrate = { ...flatten, summary: "Move the books", short: false, steps };
      return { ...system, operations: { ...system.operations, migrate } };
    }),
  };
}

function expectNoSecret(text: string, house: { readonly demo: House["demo"] }): void {
  for (const secret of open) expect(text).not.toContain(secret);
  expectReference(text, house);
}

/** The bytes of a file are those that are approved: what is a reference stays one in them. */
function expectReference(text: string, { demo }: { readonly demo: House["demo"] }): void {
  expect(text).not.toContain(demo.env["ALPHAPULSE_TOKEN"] ?? "none");
}

function filesIn(house: House, surface: "slack" | "discord"): [string, string][] {
  const files =
    surface === "slack"
      ? [...house.slack.world.files.values()]
      : house.discord.world.messages.flatMap((each) => each.attachments);
  return files.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)]);
}

describe.each<readonly ["slack" | "discord", (house: House) => Talk]>([
  ["slack", slackTalk],
  ["discord", discordTalk],
])("the longest request on %s", (surface, talkOf) => {
  it("is held by the platform's limits, says where the rest is, and shows no secret, and its file holds the plan whole", async () => {
    const house = await openHouse({ only: surface, change: withMigration });
    const talk = talkOf(house);
    const card = await talk.asks("ana", asking);
    expect(card.text).toContain("waiting for approval");
    expect(card.text).toContain("whole in the file");
    const code = /Request ([0-9A-F]{6})/.exec(card.text)?.[1];
    const shown = await talk.asks("boris", `confirm show ${code}`);
    const plan = await vi.waitFor(() => {
      const found = filesIn(house, surface).find(([name]) => name === `request-${code}.json`);
      // A file has its name before what it holds has arrived.
      if (!found?.[1]) throw new Error("the file of the plan is not there yet");
      return found[1];
    }, patience);
    expect(plan).toContain(`order ${stepCount - 1}-59`);
    expectNoSecret(JSON.stringify([card, shown, talk.channel()]), house);
    for (const [, text] of filesIn(house, surface)) expectReference(text, house);
  });
});

describe("the longest request on the console", () => {
  it("shows no secret, and its file holds every step whole", async () => {
    const room = await openRoom({ change: withMigration });
    const card: Card = cardOf(await room.says("ana", asking));
    const shown = await room.says("boris", `confirm show ${codeOf(card)}`);
    const [file] = shown.message?.content.files ?? [];
    const text = new TextDecoder().decode(file?.bytes);
    expect(text).toContain(`order ${stepCount - 1}-59`);
    expectNoSecret(JSON.stringify([card, cardOf(shown)]), room);
    expectReference(text, room);
  });
});
