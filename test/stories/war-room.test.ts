import { describe, expect, it, vi } from "vitest";
import type { Config } from "../../src/config/load-config.ts";
import { permissionBits } from "../fakes/discord/world.ts";
import { type House, openHouse } from "./house/house.ts";
import { discordTalk, slackTalk, type Talk } from "./house/talk.ts";

const patience = { timeout: 60_000, interval: 50 };

interface RoomThere {
  readonly id: string;
  readonly name: string;
  readonly members: readonly string[];
  readonly isPrivate: boolean;
}

interface Platform {
  readonly surface: "slack" | "discord";
  readonly talkOf: (house: House) => Talk;
  /** Every room that was made, oldest first. */
  readonly rooms: (house: House) => readonly RoomThere[];
  readonly pinned: (house: House, room: string) => number;
  /** What a question about another system is answered in a room. */
  readonly elsewhere: string;
}

const platforms: readonly Platform[] = [
  {
    surface: "slack",
    talkOf: slackTalk,
    rooms: ({ slack: { world } }) =>
      [...world.channels.values()]
        .filter(({ creator, archived }) => creator === world.botUser && !archived)
        .map(({ id, name, members, isPrivate = false }) => ({ id, name, members: [...members], isPrivate })),
    pinned: ({ slack }, room) => slack.world.channels.get(room)?.pins?.size ?? 0,
    elsewhere: "does not serve logos",
  },
  {
    surface: "discord",
    talkOf: discordTalk,
    rooms: ({ discord: { world } }) =>
      [...world.channels.values()]
        .filter(({ type }) => type >= 11)
        .map(({ id, name, members, type }) => ({ id, name, members: [...(members ?? [])], isPrivate: type === 12 })),
    pinned: ({ discord }, room) => discord.messages(room).filter(({ pinned }) => pinned).length,
    elsewhere: "LOGOS",
  },
];

const withRooms =
  (surface: string) =>
  (config: Config): Config => ({
    ...config,
    incidents: { ...config.incidents, rooms: [`${surface}-ops`], invite: ["boris"] },
  });

/** Takes away what making a room needs; answers what gives it back. */
function withoutRight({ slack, discord, ids }: House): () => void {
  slack.scopes.delete("channels:manage");
  const ops = discord.world.channels.get(ids.discord["ops"] ?? "");
  if (ops) ops.permissions &= ~permissionBits.createPublicThreads;
  return () => {
    slack.scopes.add("channels:manage");
    if (ops) ops.permissions |= permissionBits.createPublicThreads;
  };
}

describe.each(platforms)("on $surface", ({ surface, talkOf, rooms, pinned, elsewhere }) => {
  it("an incident has one room, with its people, a pinned card that follows it, and the rules of its channel", async () => {
    const house = await openHouse({ only: surface, change: withRooms(surface) });
    const talk = talkOf(house);
    const ids = house.ids[surface];
    const declared = await talk.asks("ana", "incident declare P1 alphapulse Orders häng, badly");
    expect(declared.text).toContain("Incident 1: Orders häng, badly");
    await vi.waitFor(() => expect(rooms(house)).toHaveLength(1), patience);
    const [room] = rooms(house);
    expect(room).toMatchObject({ name: "inc-1-alphapulse-orders-hang-badly", isPrivate: false });
    const id = room?.id ?? "";
    const card = () => talk.channel(id).find(({ text }) => text.includes("Incident 1"));
    // Whoever declared it, whoever is on call for the system, and whoever is in all of them.
    const inIt = [ids["ana"], ids["boris"], ids["chen"]];
    await vi.waitFor(() => expect(rooms(house)[0]?.members).toEqual(expect.arrayContaining(inIt)), patience);
    await vi.waitFor(() => expect(pinned(house, id)).toBe(1), patience);
    // In it a command is about its incident, and may do there what the channel that it is like allows.
    const noted = await talk.asks("boris", "incident note text:the gateway answers again", id);
    expect(noted.text).toContain("the gateway answers again");
    await vi.waitFor(() => expect(card()?.text).toContain("the gateway answers again"), patience);
    expect((await talk.asks("ana", "incident severity P0", id)).text).toContain("P0");
    await vi.waitFor(() => expect(card()?.text).toContain("P0, detected"), patience);
    const asked = await talk.asks("ana", "flatten alphapulse reason:stop the bleeding", id);
    expect(asked.text).toContain("waiting for approval");
    await vi.waitFor(() => expect(card()?.text).toContain("Waits for approval"), patience);
    expect((await talk.presses("boris", "Approve", id)).text).toContain("Boris approved");
    // A channel of its own serves its system alone; a thread is of its channel.
    expect((await talk.asks("ana", "metrics logos", id)).text).toContain(elsewhere);
    await house.restart();
    await talk.asks("ana", 'incident resolve cause:"a bad release" impact:"no orders for 12 min"', id);
    await vi.waitFor(() => expect(card()?.text).toContain("P0, resolved"), patience);
    expect(rooms(house)).toHaveLength(1);
    expect(pinned(house, id)).toBe(1);
    // Whoever starts anew has not been told what the process before it was told of the pace.
    house.discord.tooFast.splice(0);
  }, 240_000);

  it("what keeps a room from being made is told with what helps, the incident goes on, and the room is made later", async () => {
    const house = await openHouse({ only: surface, change: withRooms(surface) });
    const talk = talkOf(house);
    const mend = withoutRight(house);
    await talk.asks("ana", "incident declare P1 logos it hangs");
    const lacking = surface === "slack" ? "needs the scope channels:manage" : "give the bot Create Public Threads";
    await vi.waitFor(async () => expect((await talk.asks("ana", "incident show 1")).text).toContain(lacking), patience);
    expect((await talk.asks("ana", "incident note 1 text:goes on")).text).toContain("goes on");
    expect(rooms(house)).toEqual([]);
    mend();
    // Each try that failed meanwhile has made the next one wait longer.
    await vi.waitFor(() => {
      house.clock.aheadMs += 5_000;
      expect(rooms(house)).toHaveLength(1);
    }, patience);
    await vi.waitFor(
      async () => expect((await talk.asks("ana", "incident show 1")).text).toContain("inc-1-logos-it-hangs ("),
      patience,
    );
  }, 240_000);

  it("a kind that is kept from others has a private room, and nobody else sees it", async () => {
    const house = await openHouse({ only: surface, change: withRooms(surface) });
    const talk = talkOf(house);
    const declared = await talk.asks("ana", "incident declare kind:security P1 logos somebody is in");
    expect(declared).toMatchObject({ private: true, text: expect.stringContaining("Isolate what is affected") });
    await vi.waitFor(() => expect(rooms(house)).toMatchObject([{ isPrivate: true }]), patience);
    expect(
      talk
        .channel()
        .map(({ text }) => text)
        .join("\n"),
    ).not.toContain("somebody is in");
    expect((await talk.asks("dana", "incident show 1")).text).toContain("There is no incident 1");
    expect((await talk.asks("dana", "incident list")).text).toContain("No incident is open");
  }, 240_000);
});

it("in Slack a room is found again after its answer was lost, and takes another name where others have its own", async () => {
  const house = await openHouse({ only: "slack", change: withRooms("slack") });
  const { slack } = house;
  const talk = slackTalk(house);
  slack.world.addChannel({ name: "inc-1-logos-it-hangs", archived: true });
  slack.world.addChannel({ name: "inc-1-logos-it-hangs-2", creator: slack.world.botUser, created: 1_000_000 });
  slack.fail({ method: "conversations.create", kind: "reset-after" });
  await talk.asks("ana", "incident declare P1 logos it hangs");
  const own = () => [...slack.world.channels.values()].filter(({ name }) => name.startsWith("inc-1"));
  await vi.waitFor(() => expect(own().some(({ pins }) => pins?.size === 1)).toBe(true), patience);
  expect(own().map(({ name }) => name)).toEqual([
    "inc-1-logos-it-hangs",
    "inc-1-logos-it-hangs-2",
    "inc-1-logos-it-hangs-3",
  ]);
  const room = own().find(({ pins }) => pins?.size === 1);
  expect(room?.topic).toContain("Incident 1, P1, detected, commander Ana: logos, it hangs");
}, 240_000);

it("on Discord a thread whose answer was lost is found again, and none is made twice", async () => {
  const house = await openHouse({ only: "discord", change: withRooms("discord") });
  const { discord } = house;
  discord.fail({ method: "POST", route: /\/threads$/, kind: "reset-after" });
  await discordTalk(house).asks("ana", "incident declare P1 logos it hangs");
  const threads = () => [...discord.world.channels.values()].filter(({ type }) => type >= 11);
  await vi.waitFor(
    () => expect(threads().flatMap(({ id }) => discord.messages(id))).toMatchObject([{ pinned: true }]),
    patience,
  );
  expect(threads()).toHaveLength(1);
}, 240_000);
