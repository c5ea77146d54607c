import { expect, it, vi } from "vitest";
import { fingerprintOf } from "../../src/domain/alerts/fingerprint.ts";
import { firingEpisodes } from "../../src/records/episode.ts";
import { openIntake, sender } from "./intake.ts";

const path = "/webhooks/grafana";

/** As Grafana's unified alerting fills it in by itself: times with an offset, values that are null, addresses that are empty. */
function payload(state: "firing" | "resolved"): string {
  const alert = (uid: string, zone: string, startsAt: string) => ({
    status: state,
    labels: { alertname: "High memory usage", grafana_folder: "Infra", team: "blue", zone, severity: "critical" },
    annotations: {
      description: "More than 90 % is in use",
      runbook_url: "https://wiki.example.com/1",
      summary: `Memory of ${zone}`,
    },
    startsAt,
    endsAt: state === "firing" ? "0001-01-01T00:00:00Z" : "2021-10-12T10:20:03.157076+02:00",
    generatorURL: `https://grafana.example.com/alerting/grafana/${uid}/view?orgId=1`,
    fingerprint: uid,
    silenceURL: "https://grafana.example.com/alerting/silence/new?alertmanager=grafana&matcher=zone%3Dus-1",
    dashboardURL: "",
    panelURL: "",
    values: zone === "us-1" ? { B: 44.23943737541908, C: 1 } : null,
    valueString: "[ var='B' labels={} value=44.2 ]",
    orgId: 1,
  });
  return JSON.stringify({
    receiver: "wardroom",
    status: state,
    alerts: [
      alert("c6eadffa33fcdf37", "us-1", "2021-10-12T09:51:03.157076+02:00"),
      alert("bc97ff14869b13e3", "eu-1", "2021-10-12T09:56:03.157076+02:00"),
    ],
    groupLabels: { alertname: "High memory usage" },
    commonLabels: { team: "blue" },
    commonAnnotations: {},
    externalURL: "https://grafana.example.com/",
    version: "1",
    groupKey: '{}/{team="blue"}:{alertname="High memory usage"}',
    truncatedAlerts: 0,
    orgId: 1,
    title: "[FIRING:2] High memory usage (blue)",
    state: state === "firing" ? "alerting" : "ok",
    message: "**Firing**\n\nValue: B=44.2",
    appVersion: "12.1.0",
  });
}

it("what Grafana posts of its own is taken in, and is over when it says so", async () => {
  const intake = await openIntake({ senders: [{ ...sender, kind: "grafana" }] });
  intake.work();
  const firing = async () => (await firingEpisodes(intake.store, "logos", 10)).found;
  expect((await intake.post(payload("firing"), { path })).status).toBe(200);
  await vi.waitFor(async () => expect(await firing()).toHaveLength(2), { timeout: 60_000 });
  const [first] = (await firing()).toSorted((a, b) => a.since - b.since);
  expect(first).toMatchObject({
    fingerprint: "c6eadffa33fcdf37",
    startsAt: "2021-10-12T07:51:03.157Z",
    severity: "critical",
    annotations: { summary: "Memory of us-1" },
    link: "https://grafana.example.com/alerting/grafana/c6eadffa33fcdf37/view?orgId=1",
  });
  expect((await intake.post(payload("resolved"), { path })).status).toBe(200);
  await vi.waitFor(async () => expect(await firing()).toEqual([]), { timeout: 60_000 });
  expect(intake.told.quarantined).toBe(0);
});

// Fingerprints that Grafana sent: of the alert of its own tests of notifiers, and of a test of a contact point.
it.each<[Readonly<Record<string, string>>, string]>([
  [{ alertname: "WebhookAlert", __alert_rule_uid__: "UID_WebhookAlert" }, "929467973978d053"],
  [{ alertname: "TestAlert", instance: "Grafana" }, "57c6d9296de2ad39"],
])("the fingerprint of %j is what Grafana makes of it", (labels, fingerprint) => {
  expect(fingerprintOf(labels)).toBe(fingerprint);
});
