/**
 * One bot in a process of its own: `node bot.ts wardroom` or `ten lines`. It is
 * told on a line of JSON where its platform is, prints a line when it hears, and ends with the next line.
 */
import { createInterface } from "node:readline/promises";
import { z } from "zod";
import { type Platforms as Places, type Running, startOurs, startRawBolt, startRawDiscord } from "./apps.ts";

const At = z.object({ apiUrl: z.string(), channels: z.array(z.string()), user: z.string() });
const Platforms = z.object({
  slack: At.extend({ botToken: z.string(), appToken: z.string() }).exactOptional(),
  discord: At.extend({ token: z.string(), guildId: z.string() }).exactOptional(),
});

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const platforms = Platforms.parse(JSON.parse(z.string().parse((await lines.next()).value)));
const running = await start(process.argv[2] ?? "", platforms);
console.log("ready");
await lines.next();
await running.stop();
process.exit(0);

function start(bot: string, places: Places): Promise<Running> {
  if (bot === "wardroom") return startOurs(places);
  return places.slack ? startRawBolt(places) : startRawDiscord(places);
}
