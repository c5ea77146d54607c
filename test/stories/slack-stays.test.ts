import { describe, expect, it, vi } from "vitest";
import { hearing, openHouse } from "./house/house.ts";
import { slackTalk } from "./house/talk.ts";

const patience = { timeout: 60_000, interval: 20 };

describe("what Slack delivers", () => {
  it("peer 7: twice is answered once, and the second time with the recorded answer", async () => {
    const house = await openHouse({ only: "slack" });
    const talk = slackTalk(house);
    await talk.mentions("ana", "portfolio alphapulse");
    const delivery = house.slack.deliveries.find((each) => JSON.stringify(each.payload).includes("app_mention"));
    if (!delivery) throw new Error("nothing was delivered");
    await house.slack.send(delivery, 1);
    await house.restart();
    await house.slack.send(delivery, 2);
    expect(talk.channel().filter((each) => each.text.includes("AlphaPulse-RL"))).toHaveLength(1);
  });

  it("and is being answered when the bot is stopped is answered still, while another replica hears already", async () => {
    const house = await openHouse({ only: "slack" });
    await house.demo.alphapulse.trading.fail({ kind: "slow", ms: 1_500, times: 1 });
    const ops = house.ids.slack["ops"] ?? "";
    await house.slack.as(house.ids.slack["ana"] ?? "").slash("portfolio alphapulse", { channel: ops }).acked;
    const stopped = house.stop();
    await vi.waitFor(() => expect(house.slack.sockets.count).toBe(0), patience);
    const spoken = (): string =>
      house.slack
        .messages(ops)
        .map(({ text }) => text)
        .join();
    expect(spoken()).not.toContain("AlphaPulse-RL");
    await stopped;
    expect(spoken()).toContain("AlphaPulse-RL");
  });

  it("more than a channel takes at once is answered in its turn, and each once", async () => {
    const house = await openHouse({ only: "slack" });
    const ops = house.ids.slack["ops"] ?? "";
    const ana = house.slack.as(house.ids.slack["ana"] ?? "");
    const names = Array.from({ length: 24 }, (_, at) => `burst-${at}.`);
    await Promise.all(names.map((name) => ana.slash(`incident declare P2 ${name}`, { channel: ops }).acked));
    const stands = (name: string): number =>
      house.slack.messages(ops).filter((each) => JSON.stringify(each).includes(name)).length;
    await vi.waitFor(() => expect(names.filter((name) => stands(name) === 0)).toEqual([]), { timeout: 80_000 });
    await vi.waitFor(async () => expect((await house.bot().store.owed("notices/slack")).count).toBe(0), {
      timeout: 60_000,
    });
    expect(names.map(stands)).toEqual(names.map(() => 1));
  });

  it("from somebody who was let in again is answered within seconds", async () => {
    const house = await openHouse({ only: "slack" });
    const ana = house.ids.slack["ana"] ?? "";
    house.slack.world.addUser({ id: ana, name: "ana", kind: "deactivated" });
    expect((await slackTalk(house).asks("ana", "portfolio alphapulse")).text).toContain("deactivated");
    const looks = () => house.slack.calls.filter((each) => each.method === "users.info").length;
    const looked = looks();
    await slackTalk(house).asks("ana", "portfolio alphapulse");
    // Who asks on and on costs no look each time.
    expect(looks()).toBe(looked);
    house.slack.world.addUser({ id: ana, name: "ana" });
    await vi.waitFor(
      async () => expect((await slackTalk(house).asks("ana", "portfolio alphapulse")).text).toContain("AlphaPulse-RL"),
      { timeout: 60_000, interval: 1_000 },
    );
  });

  it("peer 6: an edited message runs nothing", async () => {
    const house = await openHouse({ only: "slack" });
    const talk = slackTalk(house);
    await talk.mentions("ana", "portfolio alphapulse");
    const ops = house.ids.slack["ops"] ?? "";
    const said = house.slack.messages(ops).find((each) => each.author === house.ids.slack["ana"]);
    if (!said) throw new Error("nothing was said");
    const edited = house.slack
      .as(house.ids.slack["ana"] ?? "")
      .edit(said, `<@${house.slack.world.botUser}> flatten alphapulse reason:oops`);
    await edited.acked;
    await talk.asks("ana", "status");
    expect(talk.channel().some((each) => each.text.includes("flatten"))).toBe(false);
    expect(await house.bot().store.list("request", "openedAt")).toEqual([]);
  });

  it.each([
    ["another workspace", { team: "T0ELSEWHERE" }, "not of the workspace"],
    ["a guest", { kind: "guest" }, "Guests"],
    ["a single-channel guest", { kind: "single-channel-guest" }, "Guests"],
    ["a bot", { kind: "bot" }, "Bots"],
    ["a deactivated account", { kind: "deactivated" }, "deactivated"],
  ] as const)("from %s is refused privately, whoever owns the account", async (_who, user, words) => {
    const house = await openHouse({ only: "slack" });
    const ana = house.ids.slack["ana"] ?? "";
    house.slack.world.addUser({ id: ana, name: "ana", ...user });
    const answer = await slackTalk(house).asks("ana", "portfolio alphapulse");
    expect(answer).toMatchObject({ private: true });
    expect(answer.text).toContain(words);
    expect(house.slack.messages(house.ids.slack["ops"] ?? "")).toEqual([]);
  });

  it("from a stranger is refused privately, with the way to become known", async () => {
    const house = await openHouse({ only: "slack" });
    const stranger = house.slack.world.addUser({ name: "stranger" });
    house.slack.as(stranger).slash("status", { channel: house.ids.slack["ops"] ?? "" });
    await vi.waitFor(() => expect(JSON.stringify(house.slack.ephemerals(stranger))).toContain("link claim"), patience);
    expect(house.slack.messages(house.ids.slack["ops"] ?? "")).toEqual([]);
  });

  it("over HTTP is taken only with Slack's signature, neither long after nor dated ahead (peer 13)", async () => {
    const house = await openHouse({ only: "slack", overHttp: true });
    const talk = slackTalk(house);
    expect((await talk.asks("ana", "portfolio alphapulse")).text).toContain("AlphaPulse");
    expect((await talk.opens("ana", "flatten alphapulse")).fields).toContain("reason");
    const body = JSON.stringify({ type: "url_verification", challenge: "c" });
    const post = (headers: Record<string, string>) =>
      fetch(house.slack.eventsUrl ?? "", {
        method: "POST",
        body,
        headers: { "content-type": "application/json", ...headers },
      });
    expect(await (await post(house.slack.sign(body))).json()).toEqual({ challenge: "c" });
    const now = Math.floor(Date.now() / 1_000);
    const signedAt = (at: number) => house.slack.sign(body, at);
    for (const headers of [{}, house.slack.sign(`${body} `), signedAt(now - 600), signedAt(now + 600)])
      expect((await post(headers)).status).toBe(401);
  });
});

describe("the way in", () => {
  it.each(["frame", "terminate", "close"] as const)(
    "one socket lost by %s: nothing is missed, and it is open again",
    async (how) => {
      const house = await openHouse({ only: "slack" });
      await vi.waitFor(() => expect(house.slack.sockets.count).toBe(2), patience);
      house.slack.sockets.lose(how);
      expect((await slackTalk(house).asks("ana", "portfolio alphapulse")).text).toContain("AlphaPulse");
      await vi.waitFor(() => expect(house.slack.sockets.opened).toBe(3), patience);
      expect(house.surfaces().all[0]?.deaf()).toBeUndefined();
    },
  );

  it("both sockets lost: it says so, and hears again", async () => {
    const house = await openHouse({ only: "slack" });
    await vi.waitFor(() => expect(house.slack.sockets.count).toBe(2), patience);
    house.slack.fail({ method: "apps.connections.open", kind: "status", status: 503, times: 4 });
    house.slack.sockets.loseAll("terminate");
    await vi.waitFor(() => expect(house.surfaces().all[0]?.deaf()).toContain("no socket"), patience);
    await hearing(house.surfaces());
    expect((await slackTalk(house).asks("ana", "portfolio alphapulse")).text).toContain("AlphaPulse");
  });

  it("a half-open socket is given up for another within seconds, and what went into it comes again", async () => {
    const house = await openHouse({ only: "slack" });
    await vi.waitFor(() => expect(house.slack.sockets.count).toBe(2), patience);
    house.slack.retryAfterMs = 500;
    house.slack.sockets.lose("half-open");
    const talk = slackTalk(house);
    for (const text of ["portfolio alphapulse", "alerts"]) await talk.mentions("ana", text);
    await vi.waitFor(() => expect(house.slack.sockets.count).toBe(2), patience);
  });

  it("peer 9: Slack down at the start is waited for, said, and heard once it is there", async () => {
    const house = await openHouse({
      only: "slack",
      deaf: true,
      before: ({ slack }) => void slack.fail({ kind: "status", status: 503, times: 4 }),
    });
    // At once: what has not heard yet is not a short loss.
    expect(house.surfaces().deafness()[0]?.deaf()).toBeDefined();
    await hearing(house.surfaces());
    await vi.waitFor(() => expect(house.surfaces().deafness()[0]?.deaf()).toBeUndefined(), patience);
    expect((await slackTalk(house).asks("ana", "portfolio alphapulse")).text).toContain("AlphaPulse");
  });

  it("more sockets than the fleet opens are told to the operators", async () => {
    const house = await openHouse({ only: "slack", before: ({ slack }) => void (slack.sockets.connectionsToSay = 9) });
    await vi.waitFor(
      () =>
        expect(
          slackTalk(house)
            .channel("desk")
            .map((each) => each.text)
            .join(),
        ).toContain("takes a share of what is said"),
      patience,
    );
  });
});
