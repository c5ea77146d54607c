import { describe, expect, it } from "vitest";
import type { Config } from "../../src/config/load-config.ts";
import type { Card } from "../../src/domain/messages/card.ts";
import type { Channel } from "../../src/domain/people/policy.ts";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

/** Olga audits and approves on PulseGuard alone. */
function withOlga(config: Config): Config {
  const olga = {
    id: "olga",
    name: "Olga",
    accounts: { console: ["olga"] },
    grants: [{ role: "approver", systems: ["pulseguard"] }],
  };
  return { ...config, policy: { ...config.policy, revision: "olga", people: [...config.policy.people, olga] } };
}

const elsewhere: Omit<Channel, "id" | "channel" | "systems"> = {
  surface: "console",
  allow: ["read", "ask", "approve"],
  requests: false,
  operator: false,
};

const told = (card: Card, code: string) =>
  JSON.stringify([card.title, card.summary, card.blocks]).replaceAll(code, "CODE");

describe("an auditor of one system", () => {
  it("sees nothing of another: neither what was decided nor what was refused, and a code tells nothing", async () => {
    const room = await openRoom({ change: withOlga });
    const code = codeOf(cardOf(await room.says("ana", 'flatten alphapulse reason:"the exchange is halting"')));
    await room.says("ana", `confirm approve ${code}`);
    await room.says("boris", `confirm deny ${code} reason:"the desk in Zug sells at noon"`);
    await room.says("ana", "incident declare P2 the room in Zug is dark");
    await room.says("olga", "status pulseguard");
    const seen = JSON.stringify(cardOf(await room.says("olga", "audit since:1h limit:100")));
    expect(seen).not.toContain(code);
    expect(seen).not.toContain("Zug");
    expect(seen).not.toContain("alphapulse");
    expect(seen).toContain("status system:pulseguard");
    for (const verb of ["show", "who", "approve", "deny", "withdraw", "cancel", "settle"]) {
      const more = verb === "settle" ? ' failed evidence:"nothing there"' : "";
      const [real, none] = [
        await room.says("olga", `confirm ${verb} ${code}${more}`),
        await room.says("olga", `confirm ${verb} 0C0DE0${more}`),
      ];
      expect(told(cardOf(real), code), verb).toBe(told(cardOf(none), "0C0DE0"));
    }
  });

  it("of that system sees what was decided on it, and what was refused", async () => {
    const room = await openRoom({ change: withOlga });
    const code = codeOf(cardOf(await room.says("ana", 'flatten alphapulse reason:"the exchange is halting"')));
    await room.says("ana", `confirm approve ${code}`);
    const seen = JSON.stringify(cardOf(await room.says("boris", "audit system:alphapulse since:1h limit:100")));
    expect(seen).toContain(`request.refused: flatten alphapulse ${code}`);
  });
});

it("what is taken back where its system is not served is shown to nobody else there", async () => {
  const pulse = { ...elsewhere, id: "pulse", channel: "pulse", systems: ["pulseguard"] };
  const room = await openRoom({
    change: (config) => ({ ...config, policy: { ...config.policy, channels: [...config.policy.channels, pulse] } }),
  });
  const code = codeOf(cardOf(await room.says("ana", 'flatten alphapulse reason:"the exchange is halting"')));
  const given = await room.says("ana", `confirm cancel ${code}`, "pulse");
  expect(cardOf(given).title).toContain("took back");
  expect(given.message?.content.audience?.id).toBe("ana");
});

describe("a secret that is typed", () => {
  const secret = "Hunter2-Hunter2";

  /** Everything that is stored and shown. */
  async function everything(room: Room): Promise<string> {
    const { store } = room.bot();
    const links = await store.journal({ limit: 500 });
    const kept = await Promise.all([store.list("invocation", "at", {}), store.list("request", "openedAt", {})]);
    return JSON.stringify([links, kept, room.chat.messages]);
  }

  it.each([
    ["a reason", `flatten alphapulse reason:"rotate password=${secret} now"`, "flatten"],
    ["a note", `incident declare P2 the desk says password=${secret} is out`, "the desk says"],
    ["what is no command", `flaten alphapulse password=${secret}`, ""],
  ])("in %s is masked on the card, in the journal and wherever it is kept", async (_where, text, says) => {
    const room = await openRoom();
    const card = JSON.stringify(cardOf(await room.says("ana", text)));
    expect(card).toContain(says);
    expect(await everything(room)).not.toContain(secret);
  });

  it("in what is said to a decision is masked", async () => {
    const room = await openRoom();
    const code = codeOf(cardOf(await room.says("ana", 'flatten alphapulse reason:"the exchange is halting"')));
    await room.says("boris", `confirm deny ${code} reason:"not with token=${secret}1"`);
    expect(JSON.stringify(room.copies(code))).toContain("[redacted]");
    expect(await everything(room)).not.toContain(secret);
  });

  it("in any line of an incident is masked", async () => {
    const room = await openRoom();
    await room.says("ana", `incident declare P2 Login with password=${secret} fails`);
    await room.says("ana", "incident note 1 text:token xoxb-1234567890-abcdefghijklmnop");
    const card = cardOf(
      await room.says("ana", `incident resolve 1 impact:none cause:api_key=${secret} was taken back`),
    );
    expect(card.title).toContain("Login with password=[redacted] fails");
    for (const each of [secret, "abcdefghijklmnop"]) expect(await everything(room)).not.toContain(each);
  });

  it.each([
    ["an argument of an operation", `restore alphapulse backup:password=${secret} reason:"we start again"`, "Backup"],
    ["a search", `logs alphapulse match:password=${secret}`, "Match"],
  ])("in %s is refused, for masked it would be another", async (_where, text, field) => {
    const room = await openRoom();
    const card = cardOf(await room.says("chen", text));
    expect(card.title).toContain("looks like a secret");
    expect(card.title).toContain(field);
    expect(JSON.stringify(card)).toContain("environment");
    expect(await everything(room)).not.toContain(secret);
  });
});

it("an operation that is called like what every object has is told as one that is not there", async () => {
  const room = await openRoom();
  for (const name of ["constructor", "__proto__", "toString"]) {
    const card = cardOf(await room.says("chen", `run alphapulse ${name} reason:"let me see"`));
    expect(card.summary, name).toContain("has no operation");
  }
});
