import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { ledgerFault } from "../../src/domain/alerts/ledger.ts";
import { PostedMap } from "../../src/domain/alerts/posted-mapping.ts";
import type { LiveSender } from "../../src/intake/authenticate.ts";
import { uncountedBatches } from "../../src/records/batch.ts";
import { ledgerOf } from "../../src/records/ledger.ts";
import { postedAlert, postedBatch } from "../fakes/posted-alerts.ts";
import { type Intake, openIntake, sender } from "./intake.ts";

const map = PostedMap.parse({
  list: "/alerts",
  fields: { id: "name", severity: "level", summary: "text", since: "began", state: "state" },
});
const senders: readonly LiveSender[] = [
  sender,
  { id: "grafana", kind: "grafana", system: "logos", tokens: ["G1"] },
  { id: "pager", kind: "pagerduty", system: "logos", tokens: ["R1"] },
  { id: "probes", kind: "generic", system: "logos", tokens: ["T1"], map },
];

interface Post {
  readonly path: string;
  readonly authorization: string;
  readonly body: string;
  readonly events: number;
}

const names = fc.constantFrom("a", "b");
const times = fc.constantFrom("2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z");

const alert = fc.oneof(
  fc
    .record({ name: names, startsAt: times, status: fc.constantFrom("firing", "resolved") })
    .map(({ name, startsAt, status }) => {
      const endsAt = status === "firing" ? "0001-01-01T00:00:00Z" : "2026-01-01T00:02:00Z";
      return postedAlert({ status, startsAt, endsAt, labels: { alertname: name } });
    }),
  fc.constant({ status: "firing", labels: 7 }),
  fc.constant(null),
);

function batchesAt(path: string, authorization: string): fc.Arbitrary<Post> {
  return fc
    .array(alert, { maxLength: 4 })
    .map((alerts) => ({ path, authorization, body: postedBatch(alerts), events: alerts.length }));
}

const pagerduty: fc.Arbitrary<Post> = fc
  .record({ key: names, action: fc.constantFrom("trigger", "acknowledge", "resolve", "sing") })
  .map(({ key, action }) => ({
    path: "/webhooks/pagerduty",
    authorization: "",
    body: JSON.stringify({
      routing_key: "R1",
      event_action: action,
      dedup_key: key,
      payload: { summary: key, source: "web", severity: "critical" },
    }),
    events: 1,
  }));

const entry = fc.oneof(
  fc.record({
    name: names,
    level: fc.constantFrom("critical", "odd"),
    text: fc.constant("The queue is long"),
    began: times,
    state: fc.constantFrom("firing", "resolved", "sideways"),
  }),
  fc.constant({}),
);

const generic: fc.Arbitrary<Post> = fc.array(entry, { maxLength: 4 }).map((alerts) => ({
  path: "/webhooks/generic/probes",
  authorization: "Bearer T1",
  body: JSON.stringify({ alerts }),
  events: alerts.length,
}));

const unreadable: fc.Arbitrary<Post> = fc
  .constantFrom(
    ["/webhooks/alertmanager", "Bearer first-token"],
    ["/webhooks/grafana", "Bearer G1"],
    ["/webhooks/generic/probes", "Bearer T1"],
  )
  .map(([path = "", authorization = ""]) => ({ path, authorization, body: "{", events: 1 }));

const anyPost = fc.oneof(
  batchesAt("/webhooks/alertmanager", "Bearer first-token"),
  batchesAt("/webhooks/grafana", "Bearer G1"),
  pagerduty,
  generic,
  unreadable,
);

/** Every batch once all of it is on record. */
async function onRecord({ store }: Intake) {
  return vi.waitFor(
    async () => {
      const { found } = await uncountedBatches(store, 1_000);
      if (found.some(({ batch }) => batch.next < batch.events)) throw new Error("not yet");
      return found.map(({ batch }) => batch);
    },
    { timeout: 60_000, interval: 20 },
  );
}

it("whatever is posted, by whatever way in, has exactly one row for each event", async () => {
  const property = fc.asyncProperty(fc.array(anyPost, { minLength: 1, maxLength: 8 }), async (posts) => {
    const intake = await openIntake({ senders });
    intake.work();
    for (const { path, authorization, body } of posts) await intake.post(body, { path, authorization });
    const batches = await onRecord(intake);
    expect(batches.reduce((sum, { events }) => sum + events, 0)).toBe(
      posts.reduce((sum, { events }) => sum + events, 0),
    );
    for (const batch of batches) expect(ledgerFault(batch, await ledgerOf(intake.store, batch.id))).toBeUndefined();
  });
  await fc.assert(property, { numRuns: 12 });
});
