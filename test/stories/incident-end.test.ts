import { expect, it, vi } from "vitest";
import type { Card } from "../../src/domain/messages/card.ts";
import { cardOf, openRoom } from "./room.ts";

const patience = { timeout: 60_000, interval: 50 };

function fieldOf(card: Card | undefined, name: string): string | undefined {
  const fields = card?.blocks.flatMap((block) => (block.kind === "fields" ? block.fields : [])) ?? [];
  return fields.find((each) => each.name === name)?.value;
}

it("the room's card tells what is known, and the room is told of the end, which one button takes back", async () => {
  const room = await openRoom({
    change: (config) => ({ ...config, incidents: { ...config.incidents, rooms: ["ops"] } }),
  });
  const { chat } = room;
  await room.says("ana", "incident declare P1 logos it hangs");
  await vi.waitFor(() => expect(chat.made.size).toBe(1), patience);
  const [name = ""] = chat.made.keys();
  const inRoom = (title: string): Card | undefined =>
    chat.messages.find(({ place, content }) => place.channel === name && content.card.title.startsWith(title))?.content
      .card;
  await room.says(
    "ana",
    'incident update "no orders go out" since:14:05 checking:"the release of noon" next:30m',
    name,
  );
  await vi.waitFor(
    () => expect(fieldOf(inRoom("Incident 1: it hangs"), "Known, since 14:05")).toBe("no orders go out"),
    patience,
  );
  const card = inRoom("Incident 1: it hangs");
  expect(fieldOf(card, "Being checked")).toBe("the release of noon");
  expect(fieldOf(card, "Next update")).toMatch(/^due at /);
  room.clock.aheadMs += 42 * 60_000;
  await room.says("ana", 'incident resolve cause:"a bad release" impact:"no orders for 42 min"', name);
  await vi.waitFor(() => expect(inRoom("Incident 1 is resolved")).toBeDefined(), patience);
  const told = inRoom("Incident 1 is resolved");
  expect(told?.summary).toMatch(/^P1 logos: it hangs\. It went on for 42 min/);
  expect(fieldOf(told, "Cause")).toBe("a bad release.");
  expect(fieldOf(told, "Impact")).toBe("no orders for 42 min.");
  // The card tells nothing as due any more.
  await vi.waitFor(
    () => expect(fieldOf(inRoom("Incident 1: it hangs"), "Impact")).toBe("no orders for 42 min."),
    patience,
  );
  expect(fieldOf(inRoom("Incident 1: it hangs"), "Next update")).toBeUndefined();
  if (!told) throw new Error("nothing was told");
  const { form } = await room.press("ana", told, "Reopen…");
  expect(form?.command).toBe("incident reopen");
  expect(cardOf(await room.says("ana", "incident reopen 1 why:it is back", name)).title).toContain("Incident 1");
  await vi.waitFor(() => expect(inRoom("Incident 1 was resolved at ")?.summary).toContain("It was reopened"), patience);
  await room.says("ana", 'incident resolve cause:"the same release" impact:"more"', name);
  await vi.waitFor(
    () => expect(fieldOf(inRoom("Incident 1 is resolved"), "Cause")).toBe("the same release."),
    patience,
  );
}, 240_000);
