import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { expect, it, onTestFinished, vi } from "vitest";
import type { Config } from "../../src/config/load-config.ts";
import type { Operation } from "../../src/domain/systems/operation.ts";
import { openHouse } from "./house/house.ts";
import { slackTalk, textIn } from "./house/talk.ts";
import { cardOf, codeOf, openRoom } from "./room.ts";

const patience = { timeout: 60_000, interval: 50 };

it("an emergency stop does not wait for a Slack that does not answer about people; what is not urgent does", async () => {
  const house = await openHouse({ only: "slack" });
  house.slack.fail({ kind: "slow", ms: 30_000, method: "users.info", times: 100 });
  const chen = house.slack.as(house.ids.slack["chen"] ?? "");
  const channel = house.ids.slack["ops"] ?? "";
  chen.slash('restart-service alphapulse service:data-feed reason:"it hangs since noon"', { channel });
  chen.slash('emergency-stop alphapulse reason:"it buys against the limit"', { channel });
  await vi.waitFor(() => expect(house.demo.alphapulse.effects("emergency_stop")).toHaveLength(1), patience);
  expect(house.demo.alphapulse.effects().map(({ operation }) => operation)).toEqual(["emergency_stop"]);
});

it("an emergency stop pressed while a restart hangs is latched at once, and says past what it went (AP10)", async () => {
  const house = await openHouse({ only: "slack" });
  const talk = slackTalk(house);
  await house.demo.alphapulse.trading.fail({ kind: "hang", only: "changes", times: 1 });
  const restart = await talk.asks("ana", 'run alphapulse restart-service service:data-feed reason:"it hangs"');
  const code = /Request ([0-9A-F]{6})/.exec(restart.text)?.[1];
  await vi.waitFor(() => expect(house.demo.alphapulse.trading.fault).toBeUndefined(), patience);
  const stop = await talk.asks("chen", 'emergency-stop alphapulse reason:"it buys against the limit"');
  const stopCode = /Request ([0-9A-F]{6})/.exec(stop.text)?.[1];
  await vi.waitFor(() => expect(house.demo.alphapulse.effects("emergency_stop")).toHaveLength(1), patience);
  await vi.waitFor(async () => {
    const { text } = await talk.asks("chen", `confirm show ${stopCode}`);
    expect(text).toContain("emergency-stop AlphaPulse-RL: done");
    expect(text).toContain(`past the lock of request ${code} (restart-service, running)`);
  }, patience);
});

it("what is urgent is sent whatever its reason, also with none, and the card keeps what was given", async () => {
  const room = await openRoom();
  const long = "it buys against the limit ".repeat(20);
  for (const [typed, kept] of [
    ['emergency-stop alphapulse reason:"now"', "Reason: now"],
    ["emergency-stop alphapulse reason:x", "Reason: x"],
    ["Emergency-stop AP", "Reason: no reason given"],
    ['run alphapulse emergency-stop reason:"  "', "Reason: no reason given"],
    [`emergency-stop alphapulse reason:"${long}"`, `${long.slice(0, 299)}…`],
  ] as const) {
    const given = await room.says("chen", typed);
    expect(given.form).toBeUndefined();
    const card = cardOf(given);
    expect(JSON.stringify(card.blocks)).toContain(kept);
    await room.settled(codeOf(card), "done");
  }
  expect(room.demo.alphapulse.effects("emergency_stop")).toHaveLength(1);
});

it("a stop takes any words, or none, in any spelling", async () => {
  const room = await openRoom();
  for (const [typed, kept] of [
    ["stop alphapulse", "Reason: no reason given"],
    ["STOP AP NOW!!", "Reason: NOW!!"],
    ["alphapulse stop", "Reason: no reason given"],
    ["run alphapulse stop", "Reason: no reason given"],
    ["emergency-stop alphapulse market crash", "Reason: market crash"],
    ['emergency stop ap reason:"it buys', 'Reason: reason:"it buys'],
  ] as const) {
    const given = await room.says("chen", typed);
    expect(given.form).toBeUndefined();
    const card = cardOf(given);
    expect(JSON.stringify(card.blocks)).toContain(JSON.stringify(kept).slice(1, -1));
    await room.settled(codeOf(card), "done");
  }
});

it("a stop that does not say of which system is answered with the exact commands, and one press", async () => {
  const room = await openRoom();
  for (const typed of ["stop", "stop trading", "emergency-stop now", "stop alphapulse and logos"]) {
    const any = cardOf(await room.says("chen", typed));
    expect(JSON.stringify(any.blocks), typed).toMatch(/emergency-stop alphapulse .*run logos stop/);
    expect(room.demo.alphapulse.effects()).toEqual([]);
  }
  await room.press("chen", cardOf(await room.says("chen", "stop!")), "emergency-stop alphapulse");
  await vi.waitFor(() => expect(room.demo.alphapulse.effects("emergency_stop")).toHaveLength(1), patience);
});

it.each(["emergency-stop alphapulse", "run alphapulse emergency-stop", "stop ap now"])(
  "whoever may not stop is told who may: %s",
  async (typed) => {
    const room = await openRoom();
    const { summary = "" } = cardOf(await room.says("ana", typed));
    expect(summary).toContain("It takes the role lead for alphapulse. Who may here: Chen.");
    expect(room.demo.alphapulse.effects()).toEqual([]);
  },
);

it("what is not urgent still needs a reason that says something, and help tells how long", async () => {
  const room = await openRoom();
  const short = await room.says("chen", 'flatten alphapulse reason:"now"');
  expect(JSON.stringify(short)).toContain("say why in at least 5 characters");
  const slip = await room.says("chen", 'emergency-stop alphapulse reason:"--dry-run"');
  expect(JSON.stringify(slip)).toContain("put --dry-run before the reason");
  expect(room.demo.alphapulse.effects()).toEqual([]);
  expect(JSON.stringify(await room.says("chen", "help flatten"))).toContain("text of at least 5 characters");
  expect(JSON.stringify(await room.says("chen", "help emergency-stop"))).toContain("sent without one too");
});

it("a stop that is typed or given as a command of the platform without a reason opens no form there", async () => {
  const house = await openHouse();
  const ops = house.ids.discord["ops"] ?? "";
  house.slack.as(house.ids.slack["chen"] ?? "").slash("emergency-stop alphapulse", {
    channel: house.ids.slack["ops"] ?? "",
  });
  await vi.waitFor(() => expect(house.demo.alphapulse.effects("emergency_stop")).toHaveLength(1), patience);
  const pressed = house.discord
    .as(house.ids.discord["chen"] ?? "")
    .slash("emergency-stop", { system: "alphapulse", reason: "now" }, { channel: ops });
  await vi.waitFor(() => expect(textIn(pressed.answers)).toMatch(/Reason\W+now/), patience);
});

it("an emergency stop is sent where nobody says anything of whoever pressed or of the trader", async () => {
  const room = await openRoom({ change: identifiedBy(await answering(() => {})) });
  room.bot().directories.add("console", { standing: () => Promise.withResolvers<never>().promise });
  await room.says("chen", 'emergency-stop alphapulse reason:"it buys against the limit"');
  await vi.waitFor(() => expect(room.demo.alphapulse.effects("emergency_stop")).toHaveLength(1), patience);
});

it.each<[string, RequestListener]>([
  ["breaks off", (_, response) => void response.destroy()],
  ["answers 503 in HTML", (_, response) => void response.writeHead(503, { "content-type": "text/html" }).end("<p>no")],
  [
    "answers half of its JSON",
    (_, response) => void response.setHeader("content-type", "application/json").end('{"sys'),
  ],
])(
  "six emergency stops at once are all done, with one effect, although whoever is asked who the trader is %s",
  async (_is, answer) => {
    const room = await openRoom({ change: identifiedBy(await answering(answer)) });
    const stop = 'emergency-stop alphapulse reason:"it buys against the limit"';
    const given = await Promise.all(Array.from({ length: 6 }, () => room.says("chen", stop)));
    const codes = new Set(given.map((each) => codeOf(cardOf(each))));
    for (const code of codes) await room.settled(code, "done");
    const effects = room.demo.alphapulse.effects("emergency_stop");
    expect(codes.size).toBe(6);
    expect(effects).toHaveLength(1);
  },
);

it("an emergency stop is refused, and says so, where another system answers at the trader's address", async () => {
  const another = await answering((_, response) =>
    response.setHeader("content-type", "application/json").end('{"system":"another","service":"trading"}'),
  );
  const room = await openRoom({ change: identifiedBy(another) });
  const given = await room.says("chen", 'emergency-stop alphapulse reason:"it buys against the limit"');
  expect(JSON.stringify(given)).toMatch(/another/);
  expect(room.demo.alphapulse.effects()).toEqual([]);
});

it("the fallback of a stop whose address is dead is one press away, and acts", async () => {
  const room = await openRoom({ change: withFallback });
  await room.demo.alphapulse.trading.fail({ kind: "down" });
  const code = codeOf(cardOf(await room.says("chen", 'emergency-stop alphapulse reason:"it buys against the limit"')));
  const card = await vi.waitFor(() => {
    const found = room.copies(code).find(({ summary }) => summary?.includes("NOT known to be stopped"));
    if (!found) throw new Error("no card says that it is not known to be stopped");
    return found;
  }, patience);
  await room.demo.alphapulse.trading.heal();
  await room.press("chen", card, "Fallback: halt");
  await vi.waitFor(() => expect(room.demo.alphapulse.effects("maintenance_mode")).toHaveLength(1), patience);
});

/** The demo's trader with another way to halt it. */
function withFallback(config: Config): Config {
  const systems = config.systems.map((system) => {
    const { "emergency-stop": stop, "maintenance-on": pause } = system.operations;
    if (!stop || !pause) return system;
    const { destructiveWhen: _, effect: __, ...plain } = pause;
    const halt: Operation = { ...plain, read: {}, risk: "change", direction: "reduces", urgent: true };
    const fallback = { operation: "halt", arguments: {} };
    return { ...system, operations: { ...system.operations, halt, "emergency-stop": { ...stop, fallback } } };
  });
  return { ...config, systems };
}

/** The origin of a server that answers so, for as long as the test runs. */
async function answering(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}

/** The systems are asked there who they are. */
function identifiedBy(origin: string): (config: Config) => Config {
  const identity = { backend: "http", spec: { http: origin, expect: { "/system": "alphapulse-rl" } } };
  return (config) => ({
    ...config,
    systems: config.systems.map((system) => {
      const trader = system.backends?.["trader"];
      return trader ? { ...system, backends: { ...system.backends, trader: { ...trader, identity } } } : system;
    }),
  });
}
