import { fastify } from "fastify";
import { expect, it, onTestFinished } from "vitest";
import { registerTerminalDoor } from "../../../src/bot/terminal/door.ts";

const owner = `wrd_${"o".repeat(32)}`;
const right = `wrt_${"r".repeat(60)}`;

function openDoor() {
  const app = fastify();
  onTestFinished(() => app.close());
  const told: number[] = [];
  const bot = {
    handle: async (delivery: { respond(message: object): unknown }) =>
      void delivery.respond({ card: { tone: "good", title: "Well", blocks: [] }, files: [], nonce: "n" }),
    complete: async () => [],
    choices: async () => [],
    isInRoom: async () => false,
    keep: async () => {},
    joined: async () => {},
  };
  const door = registerTerminalDoor(app, {
    bot,
    authenticate: async (token, as) => (token === right ? "ana" : token === owner && as ? as : undefined),
    followed: async (account) => (account === "ana" ? { lines: [], after: 0 } : undefined),
    isOwner: (token) => token === owner,
    reload: async () => ({ taken: false, problems: ["people.yaml:1:1: it is wrong. Mend it."] }),
    onWrongTokens: (count) => told.push(count),
  });
  const knock = async (
    token: string,
    from: { url?: string; remoteAddress?: string; headers?: Record<string, string>; payload?: object } = {},
  ) =>
    (
      await app.inject({
        method: "POST",
        url: from.url ?? "/terminal/ask",
        remoteAddress: from.remoteAddress ?? "127.0.0.1",
        headers: { host: "127.0.0.1:7700", authorization: `Bearer ${token}`, ...from.headers },
        payload: from.payload ?? { text: "status", delivery: "delivery-0000000000000000" },
      })
    ).statusCode;
  return { door, told, knock };
}

const guess = (n: number): string => `wrt_${String(n).padStart(60, "0")}`;

it("wrong tokens are held up after some and are on record, counted; the right one is never locked out", async () => {
  const { door, told, knock } = openDoor();
  const codes: number[] = [];
  for (let n = 0; n < 60; n += 1) codes.push(await knock(guess(n)));
  expect(codes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
  expect(codes.slice(10)).toEqual(Array.from({ length: 50 }, () => 429));
  expect(told).toEqual([1]);
  expect(await knock(right)).toBe(200);
  await door.close();
  expect(told).toEqual([1, 59]);
});

it("on the port it answers this machine alone, under its own name, and no browser", async () => {
  const { knock } = openDoor();
  expect(await knock(right)).toBe(200);
  expect(await knock(right, { remoteAddress: "10.0.0.7" })).toBe(403);
  expect(await knock(right, { headers: { host: "evil.example" } })).toBe(403);
  expect(await knock(right, { headers: { origin: "http://127.0.0.1:7700" } })).toBe(403);
});

it("gives lines of a log to whoever follows it, and to nobody else", async () => {
  const { knock } = openDoor();
  const asked = (as: string, token = owner) =>
    knock(token, { url: "/terminal/follow", payload: { follows: "f".repeat(32), after: 0, as } });
  expect(await asked("ana")).toBe(200);
  expect(await asked("boris")).toBe(404);
  expect(await asked("ana", guess(1))).toBe(401);
});

it("is told to read the files anew by whoever owns the state folder, and by no personal token", async () => {
  const { knock } = openDoor();
  const url = "/terminal/reload";
  expect(await knock(owner, { url })).toBe(200);
  expect(await knock(right, { url })).toBe(401);
  expect(await knock(owner, { url, headers: { origin: "http://127.0.0.1:7700" } })).toBe(403);
  expect(await knock(owner, { url, remoteAddress: "10.0.0.7" })).toBe(403);
  // What reloads asks for nothing in anybody's name.
  expect(await knock(owner)).toBe(401);
});
