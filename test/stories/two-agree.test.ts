import { expect, it, vi } from "vitest";
import { postedAlert } from "../fakes/posted-alerts.ts";
import { alertmanagerOf, telling } from "./alert-house.ts";
import { cardOf, codeOf, openRoom } from "./room.ts";

const patience = { timeout: 60_000, interval: 100 };

it("a silence of a P0 and the drop of what may tell of one take two people, and are done once both have said yes", async () => {
  const room = await openRoom({
    change(config) {
      const boris = { grants: [{ role: "approver", systems: ["logos", "prsm"] }] };
      const people = config.policy.people.map((each) => (each.id === "boris" ? { ...each, ...boris } : each));
      return telling({ ...config, policy: { ...config.policy, people } });
    },
  });
  const post = await alertmanagerOf(() => room.bot());
  const titles = (): string => room.chat.messages.map(({ content }) => content.card.title).join();
  await post(postedAlert({ labels: { severity: "P0" } }));
  await vi.waitFor(() => expect(titles()).toContain("logos: The disk of db-1 is full"), patience);

  const match = "alertname=DiskFull, severity=P0, system=logos";
  const preview = JSON.stringify(cardOf(await room.says("ana", `alerts matching "${match}"`)));
  expect(preview).toContain("It takes two people, because The disk of db-1 is full is never muted.");
  const asked = cardOf(await room.says("ana", `silence "${match}" for:2h comment:"the disk is being exchanged"`));
  expect(asked.title).toContain("waiting for approval");
  expect(JSON.stringify(asked.blocks)).toContain("DiskFull");
  expect(JSON.stringify(asked.blocks)).toContain("what else is never muted are held back too");
  expect(JSON.stringify(cardOf(await room.says("ana", "alerts silences")))).toContain("Nothing is silenced");
  await room.press("boris", asked, "Approve");
  await room.settled(codeOf(asked), "done");
  const listed = JSON.stringify(cardOf(await room.says("ana", "alerts silences")));
  expect(listed).toContain("by Ana and ");
  expect(listed).toContain("the disk is being exchanged");

  // He may approve on each of the two, and not for Wardroom itself.
  const wide = cardOf(await room.says("ana", `silence '{system=~"logos|prsm"}' for:1h comment:"a move"`));
  expect(JSON.stringify(wide.blocks)).toContain("logos, prsm");
  await room.press("boris", wide, "Approve");
  await room.settled(codeOf(wide), "done");
  const held = JSON.stringify(cardOf(await room.says("ana", "alerts silences")));
  const [id = ""] = /[0-9a-f]{8}(?=: \{system=~)/.exec(held) ?? [];
  expect(JSON.stringify(cardOf(await room.says("ana", `unsilence ${id}`)))).toContain("The silence is over");
  const before = room.chat.messages.length;
  const again = { labels: { severity: "P0", instance: "db-9" }, annotations: { summary: "The disk of db-9 is full" } };
  await post(postedAlert(again), postedAlert({ labels: { alertname: "Other" }, annotations: { summary: "Another" } }));
  await vi.waitFor(() => expect(titles()).toContain("Another"), patience);
  expect(
    room.chat.messages
      .slice(before)
      .map(({ content }) => content.card.title)
      .join(),
  ).not.toContain("db-9");

  await post({ status: "firing", labels: 7 });
  const dead = async (): Promise<string> => JSON.stringify(cardOf(await room.says("ana", "alerts dead")));
  await vi.waitFor(async () => expect(await dead()).toContain("1 dead letter"), patience);
  const [letter = ""] = /[0-9a-f]{32}\.1/.exec(await dead()) ?? [];
  const drop = cardOf(await room.says("ana", `alerts drop ${letter} why:"a test of the probe"`));
  expect(drop.title).toContain("waiting for approval");
  expect(await dead()).toContain("1 dead letter");
  await room.press("boris", drop, "Approve");
  await room.settled(codeOf(drop), "done");
  expect(await dead()).toContain("Nothing is in quarantine");
});
