import { expect, it } from "vitest";
import { fingerprintOf } from "../../../src/domain/alerts/fingerprint.ts";
import { batchIn, reportedAlert } from "../../../src/domain/alerts/reported-alert.ts";
import { postedAlert, postedBatch } from "../../fakes/posted-alerts.ts";

const receivedAt = Date.UTC(2026, 5, 1);

it("reads what it needs, with as much of the time as Alertmanager's API tells, and leaves the rest alone", () => {
  expect(reportedAlert(postedAlert({ fingerprint: "00f0a1b2c3d4e5f6", new: { in: "0.40" } }), receivedAt)).toEqual({
    fingerprint: "00f0a1b2c3d4e5f6",
    startsAt: "2026-01-01T00:00:00.123Z",
    since: Date.UTC(2026, 0, 1) + 123,
    state: "firing",
    labels: { alertname: "DiskFull", severity: "critical", instance: "db-1" },
    annotations: { summary: "The disk of db-1 is full" },
    link: "http://prometheus:9090/graph?g0.expr=up",
  });
});

it("a time is the same in whatever zone it is written", () => {
  expect(reportedAlert(postedAlert({ startsAt: "2026-01-01T01:00:00.123456789+01:00" }), receivedAt)).toMatchObject({
    startsAt: "2026-01-01T00:00:00.123Z",
  });
});

it.each([
  [
    { status: "resolved", endsAt: "2026-01-01T01:00:00Z" },
    { state: "resolved", endedAt: Date.UTC(2026, 0, 1, 1) },
  ],
  [{ status: "resolved" }, { state: "resolved" }],
  [{ status: undefined, endsAt: "2026-01-01T01:00:00Z" }, { state: "resolved" }],
  [{ status: undefined, endsAt: "2027-01-01T01:00:00Z" }, { state: "firing" }],
  [
    { annotations: null, generatorURL: 7 },
    { annotations: {}, link: "7" },
  ],
  [
    { fingerprint: "not one!" },
    { fingerprint: fingerprintOf({ alertname: "DiskFull", severity: "critical", instance: "db-1" }) },
  ],
  [{ labels: { empty: "", none: null, code: 7 } }, { labels: { alertname: "DiskFull", code: "7" } }],
  [{ labels: { password: "hunter2" } }, { labels: { password: "[redacted]" } }],
  [{ labels: { "password=hunter2hunter2": "x" } }, { labels: { "password=[redacted]": "[redacted]" } }],
])("%o is usable", (more, expected) => {
  expect(reportedAlert(postedAlert(more), receivedAt)).toMatchObject(expected);
});

it.each<[unknown, string]>([
  ["an alert", "it has no labels"],
  [{ ...postedAlert({}), labels: {} }, "it has no labels"],
  [{ ...postedAlert({}), labels: null }, "it has no labels"],
  [postedAlert({ labels: { deep: { er: 1 } } }), "its deep is no text"],
  [postedAlert({ labels: { "password=hunter2hunter2": {} } }), "its password=[redacted] is no text"],
  [postedAlert({ startsAt: undefined }), "its startsAt is no time"],
  [postedAlert({ startsAt: "yesterday" }), "its startsAt is no time"],
  [postedAlert({ startsAt: "0001-01-01T00:00:00Z" }), "its startsAt is no time"],
  [postedAlert({ status: "pending" }), "its status is neither firing nor resolved"],
  [
    postedAlert({ labels: Object.fromEntries([...Array(300).keys()].map((at) => [`l${at}`, "x"])) }),
    "it has 303 labels, and 256 are the most",
  ],
])("%o is not, and why is told", (raw, unusable) => {
  expect(reportedAlert(raw, receivedAt)).toEqual({ unusable });
});

it.each([
  ["", "it is no JSON"],
  ['{"alerts": [', "it is no JSON"],
  ["[]", "it has no list of alerts"],
  ['{"alerts": {}}', "it has no list of alerts"],
])("the body %j is no batch", (text, unusable) => {
  expect(batchIn(text)).toEqual({ unusable });
});

it("a batch says how many alerts its sender left out, and a number in it keeps every digit", () => {
  const text = postedBatch([postedAlert({ labels: { order: "ORDER" } })], { truncatedAlerts: 7 }).replace(
    '"ORDER"',
    "12345678901234567890",
  );
  const batch = batchIn(text);
  if ("unusable" in batch) throw new Error(batch.unusable);
  expect(batch.leftOut).toBe(7);
  expect(reportedAlert(batch.alerts[0], receivedAt)).toMatchObject({ labels: { order: "12345678901234567890" } });
});

it("the fingerprint of no labels is that of FNV-1a, and the order of labels is nothing", () => {
  expect(fingerprintOf({})).toBe("cbf29ce484222325");
  expect(fingerprintOf({ a: "1", b: "2" })).toBe(fingerprintOf({ b: "2", a: "1" }));
  expect(fingerprintOf({ a: "1b" })).not.toBe(fingerprintOf({ a: "1", b: "" }));
});
