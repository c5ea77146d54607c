import { describe, expect, it, vi } from "vitest";
import type { Config } from "../../src/config/load-config.ts";
import { type House, openHouse } from "./house/house.ts";
import { discordTalk, slackTalk, type Talk } from "./house/talk.ts";

const patience = { timeout: 60_000, interval: 50 };

interface Platform {
  readonly surface: "slack" | "discord";
  readonly talkOf: (house: House) => Talk;
  readonly rooms: (house: House) => readonly string[];
  /** Everything that somebody said in a channel, as its platform has it. */
  readonly called: string;
}

const platforms: readonly Platform[] = [
  {
    surface: "slack",
    called: "Slack",
    talkOf: slackTalk,
    rooms: ({ slack: { world } }) =>
      [...world.channels.values()].filter(({ creator }) => creator === world.botUser).map(({ id }) => id),
  },
  {
    surface: "discord",
    called: "Discord",
    talkOf: discordTalk,
    rooms: ({ discord: { world } }) =>
      [...world.channels.values()].filter(({ type }) => type >= 11).map(({ id }) => id),
  },
];

async function openRoomOf({ surface, talkOf, rooms }: Platform, before?: (house: Pick<House, "discord">) => void) {
  const change = (config: Config): Config => ({
    ...config,
    incidents: { ...config.incidents, rooms: [`${surface}-ops`] },
  });
  const house = await openHouse({
    only: surface,
    change,
    before: (there) => {
      there.discord.world.messageContent = true;
      there.discord.world.guildMembers = true;
      before?.(there);
    },
  });
  const talk = talkOf(house);
  await talk.asks("ana", "incident declare P1 alphapulse it hangs");
  await vi.waitFor(() => expect(rooms(house)).toHaveLength(1), patience);
  const [room = ""] = rooms(house);
  await vi.waitFor(
    () => expect(talk.channel(room).some(({ text }) => text.includes("Incident 1"))).toBe(true),
    patience,
  );
  const shown = async () => (await talk.asks("ana", "incident show 1")).text;
  const tells = (words: string) => vi.waitFor(async () => expect(await shown()).toContain(words), patience);
  return { house, talk, room, shown, tells };
}

describe.each(platforms)("in a room on $surface", (platform) => {
  it("what begins with todo becomes a task of who says it, or of whom it names, and nothing does elsewhere", async () => {
    const { talk, room, shown, tells } = await openRoomOf(platform);
    talk.says("boris", "todo: look at the gateway's log", room);
    await tells("1.1: look at the gateway's log");
    expect(await shown()).toMatch(/1\.1: look at the gateway's log[^\n]*Boris/);
    talk.says("boris", `To-do ${talk.named("chen")} raise the limit of the pool`, room);
    await tells("1.2: raise the limit of the pool");
    expect(await shown()).toMatch(/1\.2: raise the limit of the pool[^\n]*Chen/);
    expect((await talk.mentions("ana", "todo write it up", room)).text).toContain("1.3: write it up");
    // Talk stays talk, and outside a room it is nobody's task.
    talk.says("boris", "what is still todo here?", room);
    talk.says("boris", "todo: buy milk", "ops");
    talk.says("boris", "todo: the last one", room);
    await tells("1.4: the last one");
    expect(await shown()).not.toMatch(/milk|what is still/);
  }, 240_000);

  it("📌 puts what was said on the timeline once, as it was said then, and who joins stands there", async () => {
    const { talk, room, shown, tells } = await openRoomOf(platform);
    talk.says("boris", "the pool is empty since 14:02", room);
    talk.reacts("ana", "the pool is empty", "📌", room);
    await tells("“the pool is empty since 14:02” (put here by Ana)");
    talk.edits("boris", "the pool is empty", "the pool was never empty", room);
    talk.reacts("chen", "the pool was never empty", "📌", room);
    // Whoever may not respond puts signs for reasons of their own.
    talk.says("boris", "a second thing", room);
    talk.reacts("dana", "a second thing", "📌", room);
    talk.joins("dana", room);
    await tells(`Dana: joins the room on ${platform.called}`);
    talk.joins("dana", room);
    talk.says("boris", "a third thing", room);
    talk.reacts("boris", "a third thing", "📌", room);
    await tells("Boris: “a third thing”");
    const text = await shown();
    expect(text).not.toContain("never empty");
    expect(text).not.toContain("a second thing");
    expect(text.match(/Dana: joins the room/g)).toHaveLength(1);
  }, 240_000);
});

it("on Discord a bot whose switches are off connects all the same, and is told what is to be done by its name", async () => {
  const [, discord] = platforms;
  if (!discord) throw new Error("there is no such platform");
  const { talk, room, shown } = await openRoomOf(discord, ({ discord: { world } }) => {
    world.messageContent = false;
    world.guildMembers = false;
  });
  talk.says("boris", "todo: nobody hears this", room);
  expect((await talk.mentions("boris", "todo: look at the log", room)).text).toContain("1.1: look at the log");
  expect(await shown()).not.toContain("nobody hears");
}, 240_000);
