import { expect, it, vi } from "vitest";
import type { Config } from "../../src/config/load-config.ts";
import type { Card } from "../../src/domain/messages/card.ts";
import type { System } from "../../src/domain/systems/system.ts";
import { chunkKeys, samplesIn } from "../../src/records/series.ts";
import { cardOf, openRoom } from "./room.ts";

const day = 86_400_000;

/** The demo's people may work on whatever is configured. */
function everywhere(config: Config): Config {
  const people = config.policy.people.map((person) => ({
    ...person,
    grants: person.grants.map((grant) => ({ ...grant, systems: "*" as const })),
  }));
  return { ...config, policy: { ...config.policy, revision: `${config.policy.revision}-everywhere`, people } };
}

/** The demo with one more system, which has a command of its own. */
function withBeta(config: Config): Config {
  const [alphapulse] = config.systems.filter((system) => system.id === "alphapulse");
  if (!alphapulse) throw new Error("the demo has no alphapulse");
  const { flatten } = alphapulse.operations;
  if (!flatten) throw new Error("alphapulse has no flatten");
  const beta: System = { ...alphapulse, id: "beta", title: "Beta", aliases: [], operations: { wind: flatten } };
  return { ...config, systems: [...config.systems, beta] };
}

function firstColumn(card: Card): string[] {
  const table = card.blocks.find((block) => block.kind === "table");
  return (table?.rows ?? []).map(([cell]) => (typeof cell === "string" ? cell : (cell?.text ?? "")));
}

it("another configuration is in use at once: its system can be asked about, operated, and is in help", async () => {
  const room = await openRoom({ change: everywhere });
  expect(firstColumn(cardOf(await room.says("ana", "help")))).not.toContain("wind");
  expect(cardOf(await room.says("ana", "wind beta reason:the exchange halts")).title).not.toContain("Beta");

  await room.bot().replace(withBeta(room.config));

  expect(firstColumn(cardOf(await room.says("ana", "help")))).toContain("wind");
  expect(cardOf(await room.says("ana", "wind beta reason:the exchange halts")).title).toContain("wind Beta");
  expect(firstColumn(cardOf(await room.says("ana", "status")))).toEqual([
    "alphapulse",
    "logos",
    "prsm",
    "pulseguard",
    "beta",
  ]);
  const offers = await room
    .bot()
    .pipeline.complete({ surface: "console", id: "ana" }, { surface: "console", channel: "ops" }, "wind b");
  expect(offers.map((offer) => offer.insert)).toContain("beta");

  await room.bot().replace(room.config);
  expect(firstColumn(cardOf(await room.says("ana", "status")))).toEqual(["alphapulse", "logos", "prsm", "pulseguard"]);
});

it("help names what is configured, and nothing of other systems", async () => {
  const room = await openRoom({ change: everywhere });
  const only = withBeta(room.config).systems.filter((system) => system.id === "beta");
  await room.bot().replace({ ...room.config, systems: only });
  const shown = JSON.stringify([
    cardOf(await room.says("ana", "help")),
    cardOf(await room.says("ana", "help logs")),
    cardOf(await room.says("ana", "help metrics")),
  ]);
  expect(shown).toContain("logs beta since:1h level:error");
  expect(shown).not.toMatch(/alphapulse|pulseguard/);
});

it("what another configuration adds is sampled at its pace", async () => {
  const room = await openRoom({ change: (config) => ({ ...config, history: { everyMs: 3_600_000, keepMs: day } }) });
  const samplesOfBeta = async () => {
    const { store } = room.bot();
    const to = await store.now();
    return (await store.read(chunkKeys("beta", "daily_pnl", { from: to - day, to }))).flatMap(samplesIn);
  };
  await room.bot().replace(withBeta({ ...room.config, history: { everyMs: 1_000, keepMs: day } }));
  await vi.waitFor(async () => expect((await samplesOfBeta()).length).toBeGreaterThan(1), 60_000);
});

it("a command that is under way ends by the configuration it began with", async () => {
  const room = await openRoom({ change: everywhere });
  await room.bot().replace(withBeta(room.config));
  const asked = room.says("ana", "status");
  await room.bot().replace(room.config);
  expect(firstColumn(cardOf(await asked))).toEqual(["alphapulse", "logos", "prsm", "pulseguard", "beta"]);
});

it("a configuration that cannot be put in use leaves the one before it whole", async () => {
  const room = await openRoom({ change: everywhere });
  const { config } = room.bot().current();
  // The rules cannot be kept in a store that is gone.
  await room.bot().store.close();
  const changed = withBeta({ ...config, policy: { ...config.policy, revision: "another" } });
  await expect(room.bot().replace(changed)).rejects.toThrow("database is not open");
  expect(room.bot().current().systems.find("beta")).toBeUndefined();
  expect(
    room
      .bot()
      .current()
      .commands.some((command) => command.name === "wind"),
  ).toBe(false);
});
