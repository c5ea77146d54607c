import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { acceptInvocation } from "../../src/acts/messages/accept-invocation.ts";
import { answerInvocation } from "../../src/acts/messages/answer-invocation.ts";
import { knownSurfaces } from "../../src/compose/known-surfaces.ts";
import { BackendError } from "../../src/domain/failure.ts";
import type { Attachment, Card } from "../../src/domain/messages/card.ts";
import type { Courier, Outgoing } from "../../src/domain/messages/message.ts";
import type { Place } from "../../src/domain/messages/place.ts";
import type { Policy } from "../../src/domain/people/policy.ts";
import { createLog } from "../../src/ops/log.ts";
import { createMeasurements } from "../../src/ops/metrics.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import { startNoticeWorkers } from "../../src/workers/deliver.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { answeredEntry } from "../fakes/journal-entry.ts";

const card: Card = {
  tone: "neutral",
  title: "Daily P&L",
  blocks: [
    { kind: "image", file: "chart.png", alt: "It falls" },
    { kind: "file", file: "lines.txt" },
  ],
};
const file = (name: string, size: number): Attachment => ({
  name,
  mediaType: "application/octet-stream",
  bytes: new Uint8Array(size).fill(7),
});

interface Stage {
  readonly place?: Place;
  readonly couriers?: readonly Courier[];
  readonly policy?: Policy;
}

/** What arrives in a channel of an answer whose sender died right after it was committed. */
async function delivered(files: readonly Attachment[], stage: Stage = {}): Promise<Outgoing | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-deliver-"));
  const store = openSqliteStore({ path: join(folder, "state.db") });
  const sent: Outgoing[] = [];
  const courier: Courier = {
    surface: "slack",
    post: async (place, message) => {
      sent.push(message);
      return { surface: "slack", channel: place.channel, id: "1" };
    },
    edit: async (ref) => ref,
  };
  const { record, revision } = await acceptInvocation(store, {
    key: "slack:T1:U1:E1",
    account: { surface: "slack", id: "U1" },
    place: stage.place ?? { surface: "slack", channel: "C1" },
    content: { kind: "text", text: "metrics" },
    question: false,
  });
  const now = await store.now();
  const journal = answeredEntry(now);
  await answerInvocation(store, record, {
    answer: { card, files, private: false },
    journal,
    now,
    sendsItself: false,
    question: false,
    revision,
  });
  const workers = startNoticeWorkers({
    store,
    log: createLog({ level: "silent" }),
    meter: createMeasurements().meter,
    surface: "slack",
    surfaces: knownSurfaces,
    outlets: new Map((stage.couriers ?? [courier]).map((each) => [each.surface, { courier: each }])),
    policyInForce: async () => stage.policy ?? policy(),
  });
  onTestFinished(async () => {
    await Promise.all([...workers.values()].map((each) => each.stop()));
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  if (stage.couriers) return undefined;
  await vi.waitFor(() => expect(sent).toHaveLength(1), { timeout: 60_000, interval: 10 });
  return sent[0];
}

it("an answer whose sender died arrives with its chart and its file", async () => {
  const sent = await delivered([file("chart.png", 20_000), file("lines.txt", 10)]);
  expect(sent?.card).toEqual(card);
  expect(sent?.files.map(({ name, bytes }) => [name, bytes.length, bytes[0]])).toEqual([
    ["chart.png", 20_000, 7],
    ["lines.txt", 10, 7],
  ]);
});

it("what is too large to keep is said to be lost, with what to do", async () => {
  const sent = await delivered([file("chart.png", 10), file("lines.txt", 300_000)]);
  expect(sent?.files).toEqual([]);
  expect(sent?.card.blocks).toEqual([
    { kind: "text", text: "It falls: its file was lost on the way. Ask again for it." },
    { kind: "text", text: "lines.txt: its file was lost on the way. Ask again for it." },
  ]);
});

/** An answer that Slack does not take, with operators on a platform that does not run here and on one that does. */
async function refused(place?: Place): Promise<{ readonly told: readonly string[]; readonly tried: () => number }> {
  let tries = 0;
  const shut = async () => {
    tries += 1;
    throw new BackendError("slack", { fault: "missing", detail: "there is no such channel" });
  };
  const told: string[] = [];
  const couriers: Courier[] = [
    { surface: "slack", post: shut, edit: shut },
    {
      surface: "console",
      post: async ({ channel }) => {
        told.push(channel);
        return { surface: "console", channel, id: "1" };
      },
      edit: async (ref) => ref,
    },
  ];
  const rights = { systems: "*" as const, allow: ["read" as const], requests: false, operator: true };
  const channels = [
    { id: "away", surface: "discord" as const, channel: "D", ...rights },
    { id: "here", surface: "console" as const, channel: "ops", ...rights },
  ];
  await delivered([], { couriers, policy: { ...policy(), channels }, ...(place && { place }) });
  return { told, tried: () => tries };
}

it("an operators' channel on a platform that does not run here is passed over", async () => {
  const { told } = await refused();
  await vi.waitFor(() => expect(told).toEqual(["ops"]), { timeout: 60_000, interval: 10 });
});

it("what was asked in a conversation of two goes to no operators", async () => {
  const { told, tried } = await refused({ surface: "slack", channel: "D1", direct: true });
  await vi.waitFor(() => expect(tried()).toBeGreaterThan(1), { timeout: 60_000, interval: 10 });
  expect(told).toEqual([]);
});
