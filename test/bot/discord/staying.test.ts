import { describe, expect, it, vi } from "vitest";
import { startFakeDiscord } from "../../fakes/discord/discord.ts";
import { fieldsOf } from "../../fakes/discord/world.ts";
import { SharedLeases } from "../../fakes/leases.ts";
import { asker, connect, patience, titles } from "./connected.ts";

const gateway = "discord-gateway";

describe("one gateway for all", () => {
  it("whoever stands by is not deaf, sends all the same, and takes over with a fresh identify", async () => {
    const leases = new SharedLeases();
    const first = await connect({ leases });
    const { discord } = first;
    const second = await connect({ leases, discord });
    expect([discord.gateway.connections, discord.gateway.identifies]).toEqual([1, 1]);
    const { user, channel } = asker(discord);
    await second.surface.courier.post(
      { surface: "discord", channel },
      { card: { tone: "neutral", title: "Sent", blocks: [] }, files: [], nonce: "n" },
    );
    await first.surface.stop();
    await vi.waitFor(() => expect([discord.gateway.connections, discord.gateway.identifies]).toEqual([1, 2]), patience);
    await vi.waitFor(() => expect(second.logged.join()).toContain("was not heard"), patience);
    expect(await second.measured()).toMatch(/wardroom_discord_gap_seconds_total [\d.e-]*[1-9]/);
    const delivery = discord.as(user).slash("status", {}, { channel });
    await vi.waitFor(() => expect(titles(delivery.answers)).toEqual(["Done"]), patience);
    expect(second.bot.heard).toHaveLength(1);
  });

  it("a lease that another has is the end of the gateway at once; it stands by then, and is not deaf", async () => {
    const { discord, leases, surface } = await connect();
    leases.steal(gateway);
    await vi.waitFor(() => expect(discord.gateway.connections).toBe(0), patience);
    await vi.waitFor(() => expect(surface.deaf()).toBeUndefined(), patience);
    leases.free(gateway);
    await vi.waitFor(() => expect(discord.gateway.connections).toBe(1), patience);
  });

  it("a store that does not answer: the gateway is let go before the lease can be another's, and that is deaf", async () => {
    const { discord, leases, surface } = await connect();
    leases.down = true;
    await vi.waitFor(() => expect(discord.gateway.connections).toBe(0), patience);
    expect(surface.deaf()).toBeDefined();
    leases.down = false;
    await vi.waitFor(() => expect(surface.deaf()).toBeUndefined(), patience);
  });

  it("a process that ends in the middle of its login ends, and hands the lease back", async () => {
    const leases = new SharedLeases();
    const { discord, surface } = await connect({
      leases,
      deaf: true,
      before: (fake) => void (fake.gateway.silent = true),
    });
    await vi.waitFor(() => expect(discord.gateway.identifies).toBe(1), patience);
    await surface.stop();
    expect(await leases.take([gateway])).toBeDefined();
    // Discord's own client would come back half a second later, beside whoever has the lease by then.
    discord.gateway.silent = false;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect([discord.gateway.connections, discord.gateway.identifies]).toEqual([0, 1]);
  });

  it("a process that ends before it knows where the gateway is connects to none", async () => {
    let asked: { readonly hits: number } | undefined;
    const { discord, surface } = await connect({
      deaf: true,
      before: (fake) => void (asked = fake.fail({ route: "/gateway/bot", kind: "slow", ms: 1_000 })),
    });
    await vi.waitUntil(() => asked?.hits === 1, patience);
    await surface.stop();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect([discord.gateway.connections, discord.gateway.identifies]).toEqual([0, 0]);
  });

  it("one renewal that fails ends nothing", async () => {
    const { discord, leases } = await connect();
    leases.down = true;
    await vi.waitUntil(() => leases.refused > 0, patience);
    leases.down = false;
    const { renewed } = leases;
    await vi.waitUntil(() => leases.renewed > renewed + 1, patience);
    expect([discord.gateway.connections, discord.gateway.identifies]).toEqual([1, 1]);
  });
});

describe("peer 9: health is the truth", () => {
  it("deaf while Discord answers 500, and heard once it does not", async () => {
    const { discord, surface } = await connect({
      deaf: true,
      before: (fake) => void fake.fail({ route: /gateway/, kind: "status", status: 500, times: 3 }),
    });
    expect(surface.deaf()).toBe("the gateway is not connected");
    await vi.waitFor(() => expect(surface.deaf()).toBeUndefined(), patience);
    expect(discord.gateway.identifies).toBe(1);
  });

  it.each([
    [4_004, "discord/token", "DISCORD_TOKEN"],
    [4_014, "discord/intents", "Privileged Gateway Intents"],
  ] as const)("a gateway closed with %i is told once, with the next step", async (code, id, step) => {
    const { discord, surface, troubles, raised } = await connect();
    discord.gateway.refuseForGood(code);
    await vi.waitFor(() => expect(troubles.get(id)?.remedy).toContain(step), patience);
    expect(surface.deaf()).toBeDefined();
    expect(raised).toEqual([id]);
  });

  it("a wrong token at the start is told once, and not asked about in a loop", async () => {
    const discord = await startFakeDiscord();
    discord.revoke();
    const { troubles, raised, surface } = await connect({ discord, deaf: true });
    await vi.waitFor(() => expect([...troubles.keys()]).toEqual(["discord/token"]), patience);
    expect(surface.deaf()).toBeDefined();
    expect(raised).toEqual(["discord/token"]);
    expect(discord.gateway.identifies).toBe(0);
    await surface.stop();
    await discord.stop();
  });

  it("a gap that its client mends by itself is counted", async () => {
    const { discord, logged, measured, surface } = await connect();
    discord.gateway.drop("close-4000");
    await vi.waitFor(() => expect(logged.join()).toContain("the gateway of Discord is back"), patience);
    expect(surface.deaf()).toBeUndefined();
    expect(await measured()).toMatch(/wardroom_discord_gap_seconds_total [\d.e-]*[1-9]/);
  });

  it("a gateway that is half-open is found out by its heartbeats, and what was said meanwhile comes with the resume", async () => {
    const { discord, bot, logged } = await connect({ before: (fake) => void (fake.gateway.heartbeatMs = 400) });
    const { user, channel } = asker(discord);
    discord.gateway.drop("half-open");
    discord.as(user).mention("status", { channel });
    await vi.waitFor(() => expect(discord.gateway.resumes).toBe(1), patience);
    await vi.waitFor(
      () => expect(bot.heard.map((each) => each.content)).toEqual([{ kind: "text", text: "status" }]),
      patience,
    );
    expect(logged.join()).toContain("the gateway of Discord is back");
  });

  it("a gateway that stays away is given up for a new one", async () => {
    const { discord, surface } = await connect();
    discord.gateway.refuseResumes = true;
    discord.gateway.drop("terminate");
    await vi.waitFor(() => expect(surface.deaf()).toBeDefined(), patience);
    await vi.waitFor(() => expect(discord.gateway.identifies).toBe(2), { timeout: 60_000, interval: 50 });
    await vi.waitFor(() => expect(surface.deaf()).toBeUndefined(), patience);
  });

  it("its own message is edited, and heard of", async () => {
    const discord = await startFakeDiscord();
    const { channel } = asker(discord);
    const { surface, measured } = await connect({ discord, selfCheck: channel });
    await vi.waitFor(() => expect(discord.messages(channel)[0]?.edits).toBeGreaterThan(0), patience);
    await vi.waitFor(
      async () => expect(await measured()).toMatch(/wardroom_canary_seconds_count\{surface="discord"\} [1-9]/),
      patience,
    );
    expect([surface.deaf(), surface.late?.()]).toEqual([undefined, undefined]);
    await surface.stop();
    const second = await connect({ discord, selfCheck: channel });
    await vi.waitFor(() => expect(discord.messages(channel)[0]?.edits).toBeGreaterThan(1), patience);
    expect(discord.messages(channel)).toHaveLength(1);
    await second.surface.stop();
    await discord.stop();
  });
});

describe("native commands", () => {
  it("are registered once, stay when they are the same, and survive a Discord that is unwell", async () => {
    const discord = await startFakeDiscord();
    const fault = discord.fail({ method: "PUT", route: /commands/, kind: "status", status: 503, times: 2 });
    const puts = () => discord.calls.filter((call) => call.method === "PUT").length;
    const first = await connect({ discord });
    expect(fault.hits).toBe(2);
    expect([...first.troubles]).toEqual([]);
    expect(puts()).toBe(1);
    await first.surface.stop();
    const second = await connect({ discord });
    await vi.waitFor(() => expect(second.logged.join()).toContain("are registered with Discord"), patience);
    expect(puts()).toBe(1);
    await second.surface.stop();
    await discord.stop();
  });

  it.each([
    ["its words", { description: "Something else" }],
    ["that it is for adults", { nsfw: true }],
    ["who may use it", { default_member_permissions: "0" }],
    ["a translation of its name", { name_localizations: { de: "zustand" } }],
    ["its options", { options: [] }],
  ])("are registered anew when somebody changed %s", async (_what, change) => {
    const discord = await startFakeDiscord();
    const puts = () => discord.calls.filter((call) => call.method === "PUT").length;
    const first = await connect({ discord });
    await first.surface.stop();
    discord.world.commands = discord.world.commands.map((each) =>
      fieldsOf(each)["name"] === "status" ? { ...fieldsOf(each), ...change } : each,
    );
    const second = await connect({ discord });
    await vi.waitFor(() => expect(puts()).toBe(2), patience);
    await second.surface.stop();
    await discord.stop();
  });

  it("that may not be registered are told, with where to get the right", async () => {
    const { troubles } = await connect({
      deaf: true,
      before: (fake) =>
        void fake.fail({ route: /commands/, kind: "json-error", status: 403, code: 50_001, message: "Missing Access" }),
    });
    await vi.waitFor(() => expect(troubles.get("discord/commands")?.remedy).toContain("discord register"), patience);
  });
});
