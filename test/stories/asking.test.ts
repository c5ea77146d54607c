import { describe, expect, it, vi } from "vitest";
import { readInvocation } from "../../src/records/invocation.ts";
import { cardOf, codeOf, openRoom } from "./room.ts";

describe("asking", () => {
  it("one system in trouble does not hold up the answer about the others", async () => {
    const room = await openRoom();
    await room.demo.alphapulse.trading.fail({ kind: "hang" });
    const states = async () => {
      const table = cardOf(await room.says("ana", "status")).blocks.find((block) => block.kind === "table");
      return table?.rows.map(([system, state]) => [system, typeof state === "string" ? state : state?.text]);
    };
    // A busy machine may not answer about the others in their time.
    await expect.poll(states, { timeout: 60_000 }).toEqual([
      ["alphapulse", "down"],
      ["logos", "up"],
      ["prsm", "up"],
      ["pulseguard", "up"],
    ]);
  });

  it("a question nobody foresaw is answered in PromQL to those who may ask it, and stands in the journal (A4)", async () => {
    const room = await openRoom();
    const query = 'sum(up{job="pulseguard"})';
    const card = cardOf(await room.says("ana", `metrics pulseguard query:"${query}"`));
    expect(card).toMatchObject({ tone: "neutral", title: "PulseGuard: 3" });
    const drawn = cardOf(await room.says("ana", `metrics pulseguard query:"${query}" 1h`));
    expect(drawn.blocks.map(({ kind }) => kind)).toContain("image");
    const wrong = cardOf(await room.says("ana", "metrics pulseguard query:sum(up"));
    expect(wrong).toMatchObject({ tone: "warning", title: "PulseGuard: prom does not take this query" });
    expect(cardOf(await room.says("dana", "metrics pulseguard query:up")).summary).toContain("Dana may not query");
    expect(cardOf(await room.says("ana", "metrics pulseguard query:up", "quiet")).summary).toContain(
      "does not allow query",
    );
    expect(JSON.stringify(cardOf(await room.says("chen", "audit person:ana")))).toContain(
      "metrics query:sum(up system:pulseguard",
    );
  });

  it("a bare yes decides nothing: it shows the one request that waits for whoever says it, with how to decide", async () => {
    const room = await openRoom();
    expect(cardOf(await room.says("boris", "ok")).title).toBe("Nothing waits for your decision");
    const asked = cardOf(await room.says("ana", 'scale prsm api 0 reason:"nothing may answer now"'));
    const shown = cardOf(await room.says("boris", "yes"));
    const code = codeOf(asked);
    expect(shown.title).toMatch(/^scale PRSM: waiting for approval, at /);
    expect(shown.blocks[0]).toMatchObject({
      text: `Nothing was decided yet. This is what waits for you: its buttons decide, or as typed confirm approve ${code} name:prsm-api, or confirm deny ${code} and why not.`,
    });
    expect(shown.actions?.map(({ label }) => label)).toEqual(["Approve", "Deny", "Cancel"]);
    expect(cardOf(await room.says("ana", "yes")).title).toBe("Nothing waits for your decision");
    await room.says("ana", 'scale prsm worker 0 reason:"nothing may compute now"');
    expect(cardOf(await room.says("boris", "yes")).title).toBe("2 requests wait for your decision");
    await room.says("boris", `confirm deny ${code} not while markets are open`);
    await room.settled(code, "denied");
    expect(room.copies(code)[0]?.summary).toBe("Denied by Boris: not while markets are open");
  });

  it("a mistyped command and a mistyped system are told the nearest, privately", async () => {
    const room = await openRoom();
    const command = await room.says("ana", "statsu");
    expect(cardOf(command).summary).toContain("Did you mean status?");
    expect(command.message?.content.audience?.id).toBe("ana");
    expect(cardOf(await room.says("ana", "status alphapluse")).summary).toContain("Did you mean alphapulse?");
  });

  it("an operation typed by its name is told how it is asked for, to those alone who may ask it there", async () => {
    const room = await openRoom();
    const typed = await room.says("ana", "restart-service data-feed");
    const card = cardOf(typed);
    expect(card.title).toBe("restart-service is asked for with run");
    expect(card.blocks).toEqual([{ kind: "code", text: 'run alphapulse restart-service service:… reason:"…"' }]);
    expect(typed.message?.content.audience?.id).toBe("ana");
    const pressed = await room.press("ana", card, "restart-service alphapulse…");
    expect(pressed.form).toMatchObject({ command: "run" });
    expect(cardOf(await room.says("dana", "restart-service")).title).toBe("Unknown command");
    expect(cardOf(await room.says("ana", "restart-service", "quiet")).title).toBe("Unknown command");
  });

  it("a stranger, a viewer and a closed channel are refused before anything is shown or prompted", async () => {
    const room = await openRoom();
    const stranger = await room.says("mallory", "status");
    expect(cardOf(stranger).summary).toContain("belongs to nobody Wardroom knows");
    const viewer = await room.says("dana", "flatten alphapulse");
    expect(viewer.form).toBeUndefined();
    expect(cardOf(viewer).summary).toContain("Dana may not ask on alphapulse");
    expect(cardOf(await room.says("ana", 'flatten alphapulse reason:"in the quiet"', "quiet")).summary).toContain(
      "does not allow ask",
    );
    expect(cardOf(await room.says("ana", "status", "nowhere")).summary).toContain("does not work in this channel");
    expect(cardOf(await room.says("ana", "status pulseguard", "trading")).summary).toContain("pulseguard");
    expect(await room.bot().store.list("request", "openedAt")).toEqual([]);
  });

  it("what is missing is asked for in a form, and the form is an asking of its own", async () => {
    const room = await openRoom();
    const { form } = await room.says("ana", "flatten alphapulse");
    expect(form).toMatchObject({ command: "flatten", values: { system: "alphapulse" } });
    expect(form?.fields.map((field) => field.name)).toEqual(["system", "reason"]);
    const given = await room.chat.ask(room.bot().pipeline, {
      account: "ana",
      content: { kind: "form", command: "flatten", values: { ...form?.values, reason: "the exchange is halting" } },
    });
    expect(cardOf(given).title).toContain("waiting for approval");
  });

  it("help shows only what this person may do here", async () => {
    const room = await openRoom();
    const names = async (account: string, channel?: string) => {
      const table = cardOf(await room.says(account, "help", channel)).blocks.find((block) => block.kind === "table");
      return (table?.rows ?? []).map(([name]) => name);
    };
    expect(await names("ana")).toContain("flatten");
    expect(await names("dana")).not.toContain("flatten");
    expect(await names("ana", "quiet")).not.toContain("flatten");
    expect(await names("ana")).not.toContain("audit");
    expect(await names("chen")).toEqual(expect.arrayContaining(["flatten", "audit", "emergency-stop"]));
  });

  it("an answer that could not be kept is promised, and given once the store is back", async () => {
    const room = await openRoom();
    const { store, pipeline } = room.bot();
    const commit = store.commit.bind(store);
    store.commit = async (given) => {
      if (given.cancel !== undefined) throw new Error("the disk is full");
      return commit(given);
    };
    const ask = { kind: "text" as const, text: "portfolio alphapulse" };
    const told = await room.chat.ask(pipeline, { account: "ana", content: ask, delivery: "lost" });
    expect(cardOf(told).title).toBe("Not answered yet");
    expect(told.message?.content.audience?.id).toBe("ana");
    store.commit = commit;
    await pipeline.resume("console::ana:lost");
    await vi.waitFor(() => expect(room.chat.messages).toHaveLength(2), { timeout: 60_000 });
    expect(room.chat.messages[1]?.content.card.title).toContain("AlphaPulse");
  });

  it("the same delivery again is answered by what stands already, and runs nothing", async () => {
    const room = await openRoom();
    const ask = {
      account: "ana",
      content: { kind: "text" as const, text: 'flatten alphapulse reason:"the exchange is halting"' },
      delivery: "once",
    };
    const first = await room.chat.ask(room.bot().pipeline, ask);
    const again = await room.chat.ask(room.bot().pipeline, ask);
    expect(cardOf(first).title).toContain("waiting for approval");
    expect(again.message).toBeUndefined();
    expect(room.chat.messages.filter((each) => each.ref.channel === "ops")).toHaveLength(1);
    expect(await room.bot().store.list("request", "openedAt")).toHaveLength(1);
  });

  it("a reply that could not be sent is delivered once the platform is back", async () => {
    const room = await openRoom();
    room.chat.failing = new Error("the platform is down");
    const { message } = await room.says("ana", "help");
    expect(message).toBeUndefined();
    const found = await readInvocation(room.bot().store, "console::ana:d1");
    expect(found?.record.answer?.card.title).toBe("What you may do here");
    room.chat.failing = undefined;
    room.clock.aheadMs = 120_000;
    await expect
      .poll(() => room.chat.messages.map((each) => each.content.card.title), { timeout: 60_000 })
      .toContain("What you may do here");
  });

  it("an accepted command whose process died is answered by the next", async () => {
    const room = await openRoom();
    const { store } = room.bot();
    const { acceptInvocation } = await import("../../src/acts/messages/accept-invocation.ts");
    await acceptInvocation(store, {
      key: "console::lost",
      account: { surface: "console", id: "ana" },
      place: { surface: "console", channel: "ops" },
      content: { kind: "text", text: "portfolio alphapulse" },
      question: false,
    });
    await room.restart();
    room.clock.aheadMs = 61_000;
    await expect
      .poll(() => room.chat.messages.map((each) => each.content.card.title).join(), { timeout: 60_000 })
      .toContain("AlphaPulse-RL: 2 open");
  });

  it("who did what is on record, for those who may see it (A11)", async () => {
    const room = await openRoom();
    await room.says("ana", "portfolio alphapulse");
    expect(cardOf(await room.says("ana", "audit")).summary).toContain("Ana may not audit");
    const card = cardOf(await room.says("chen", "audit person:ana"));
    expect(JSON.stringify(card.blocks)).toContain("portfolio system:alphapulse");
  });
});
