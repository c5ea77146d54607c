import { expect, it } from "vitest";
import { postMortemOf } from "../../../src/domain/incidents/post-mortem.ts";

const openedAt = Date.UTC(2026, 10, 30, 3);
const ana = { person: "ana", name: "Ana" };

it("each row says where it comes from: its record, the bot itself, or nobody but who wrote it", () => {
  const entry = { incident: 1, at: openedAt, kind: "note" as const };
  const { timeline } = postMortemOf(
    {
      incident: {
        number: 1,
        title: "Orders hang",
        severity: "P1",
        state: "open",
        phase: "detected",
        openedAt,
        openedBy: ana,
        roles: {},
        place: { surface: "console", channel: "ops" },
      },
      entries: [
        { ...entry, id: "1", text: "It fires.", source: "alert 4f2a09c1be33" },
        { ...entry, id: "2", text: "The room is open." },
        { ...entry, id: "3", text: "I restart it.", who: ana },
      ],
      tasks: [],
      updates: [],
    },
    { requests: [], courses: [], from: openedAt, to: openedAt },
  );
  expect(timeline.map(({ who, source }) => [who, source])).toEqual([
    ["Wardroom", "alert 4f2a09c1be33"],
    ["Wardroom", "the bot itself"],
    ["Ana", undefined],
  ]);
});
