import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { OwnReadings } from "../../../src/domain/alerts/own-series.ts";
import { alertRulesIn, RuleFile } from "../../../src/domain/alerts/rule-file.ts";
import type { System } from "../../../src/domain/systems/system.ts";
import { createAlerts } from "../../../src/integrations/alerts.ts";
import { type PrometheusProcess, startPrometheus } from "../../fakes/prometheus-process.ts";
import { openBackends } from "../backend.ts";
import { metricsOf, systemWith } from "../systems.ts";

const start = Date.UTC(2026, 0, 1);
const nothing: OwnReadings = { metrics: [], components: [], facts: [] };

/** A system whose rules stand in a file with these groups, as the loader hands them on. */
function systemOf(groups: unknown, parts: Parameters<typeof systemWith>[0] = {}): System {
  const system = systemWith({ ...parts, alerts: [{ id: "manual", rules: { file: "manual.yml" } }] });
  const read = RuleFile.parse({ groups });
  return {
    ...system,
    alerts: system.alerts.map((entry) => ({
      ...entry,
      source: { ...entry.source, spec: { rules: { file: "manual.yml", severities, read: z.json().parse(read) } } },
    })),
  };
}
const severities = { critical: "critical", warning: "warning", info: "info" };

async function judged(
  system: System,
  readings: OwnReadings,
  holds: { held?: Record<string, number>; now?: number } = {},
) {
  const { held = {}, now = start } = holds;
  const parts = { ...metricsOf({ now: {} }), holds: async () => ({ held, now }) };
  const all = await createAlerts({ backends: openBackends(), ...parts }).judged(system, readings);
  return all.filter(({ source }) => source.includes("/"));
}

function reading(id: string, value: number | undefined): OwnReadings["metrics"][number] {
  const lost = { ok: false, fault: "timeout", detail: "gave no answer", at: start, latencyMs: 0 } as const;
  return { id, reading: value === undefined ? lost : { ok: true, value, at: start, latencyMs: 0 } };
}

describe("where no Prometheus is declared, the bot judges a rule file", () => {
  // PulseGuard's, as its manual has it, with the expression that gives nothing left out.
  const rules = [
    {
      alert: "HighQueueLag",
      expr: "queue_lag > 1000",
      for: "1m",
      keep_firing_for: "5m",
      labels: { severity: "critical", team: "data" },
      annotations: {
        summary: "Lag is {{ $value }}{{ $labels.none }}",
        description: "{{ humanize $value }}",
        runbook_url: "http://x/r",
      },
    },
    { alert: "Down", expr: `up{job="api"} == 0`, annotations: { summary: "{{ $labels.job }} is down" } },
  ];
  const metrics = [{ id: "queue_lag", title: "Lag", source: { json: { url: "http://127.0.0.1:9/", path: "/lag" } } }];
  const system = systemOf([{ name: "pulseguard", rules }], { metrics });
  const down: OwnReadings["components"] = [
    {
      id: "api",
      title: "API",
      weight: "critical",
      reading: { ok: false, fault: "unreachable", detail: "no", at: start, latencyMs: 0 },
    },
  ];

  it("counts how long it holds from the look before, and fills in what the rule says of its alert", async () => {
    const readings = { ...nothing, metrics: [reading("queue_lag", 1200)], components: down };
    const [lag, api] = await judged(system, readings);
    const key = 'rule pulseguard/HighQueueLag HighQueueLag{team="data"}';
    expect(lag).toMatchObject({
      source: "rule pulseguard/HighQueueLag",
      reading: { ok: true, value: [] },
      soon: { since: start, lastsMs: 60_000, summary: "Lag is 1200" },
      held: { [key]: start },
      keepMs: 300_000,
    });
    expect(api?.reading).toMatchObject({
      value: [{ id: 'Down{job="api"}', summary: "api is down", severity: "warning" }],
    });
    const [later] = await judged(system, readings, { held: { [key]: start }, now: start + 60_000 });
    expect(later).toMatchObject({
      held: { [key]: start },
      reading: {
        value: [
          {
            id: 'HighQueueLag{team="data"}',
            severity: "critical",
            labels: { alertname: "HighQueueLag", severity: "critical", team: "data" },
            summary: "Lag is 1200",
            hint: "{{ humanize $value }}",
            annotations: { runbook_url: "http://x/r" },
            since: start,
          },
        ],
      },
    });
    expect(later?.soon).toBeUndefined();
  });

  it("what it rests on and could not be read is not known, and never quiet", async () => {
    const [lag] = await judged(system, { ...nothing, metrics: [reading("queue_lag", undefined)] });
    expect(lag?.reading).toMatchObject({ ok: false, detail: expect.stringContaining("gave no answer") });
  });
});

describe("where a Prometheus is declared", () => {
  const seconds = Math.floor(Date.now() / 1_000);
  const at = [-60, 0, 60, 120, 180, 240].map((offset) => seconds + offset);
  const history = [
    "# TYPE queue_length gauge",
    ...at.flatMap((when) => [`queue_length{service="a"} 30 ${when}`, `queue_length{service="b"} 3 ${when}`]),
    "# EOF\n",
  ].join("\n");
  const groups = [
    {
      name: "queues",
      rules: [
        { record: "queue:sum", expr: "sum(queue_length)" },
        {
          alert: "Long",
          expr: "queue_length   > 20",
          labels: { severity: "critical", who: "{{ $labels.service }}" },
          annotations: { summary: "{{ $labels.service }} has {{ $value }}" },
        },
        { alert: "Long", expr: "sum(queue_length) > 30", for: "0s", labels: { severity: "warning" } },
        {
          alert: "Soon",
          expr: "queue_length < 10",
          for: "1h30m",
          keep_firing_for: "90s",
          annotations: { summary: "{{ $labels.service }} is idle" },
        },
        { alert: "Never", expr: "absent(queue_length)", for: 0 },
      ],
    },
  ];
  let server: PrometheusProcess;
  beforeAll(async () => {
    server = await startPrometheus(history, { groups });
  });
  afterAll(() => server.stop());
  const backends = () => ({ prom: { prometheus: { base: server.url } } });

  const Listed = z.object({
    data: z.object({
      groups: z.array(
        z.object({
          name: z.string(),
          rules: z.array(
            z.object({
              name: z.string(),
              duration: z.number(),
              keepFiringFor: z.number().default(0),
              labels: z.record(z.string(), z.string()).default({}),
              annotations: z.record(z.string(), z.string()).default({}),
              state: z.string(),
              health: z.string(),
            }),
          ),
        }),
      ),
    }),
  });
  const listed = async () => {
    const answer = await fetch(`${server.url}/api/v1/rules?type=alert`);
    return Listed.parse(await answer.json()).data.groups.flatMap(({ name, rules }) =>
      rules.map((rule) => ({ group: name, ...rule })),
    );
  };

  it("a file is read as Prometheus reads it", async () => {
    const ours = alertRulesIn(RuleFile.parse({ groups }));
    expect(
      ours.map(({ group, alert, forMs, keepMs, labels, annotations }) => ({
        group,
        alert,
        forMs,
        keepMs,
        labels,
        annotations,
      })),
    ).toEqual(
      (await listed()).map(({ group, name, duration, keepFiringFor, labels, annotations }) => ({
        group,
        alert: name,
        forMs: duration * 1_000,
        keepMs: keepFiringFor * 1_000,
        labels,
        annotations,
      })),
    );
    expect(ours.map(({ name }) => name)).toEqual(["queues/Long", "queues/Long#2", "queues/Soon", "queues/Never"]);
  });

  it("what it says of its own rules and what the bot asks of it come to the same", async () => {
    await expect
      .poll(async () => (await listed()).map(({ state }) => state), { timeout: 60_000 })
      .toEqual(["firing", "firing", "pending", "inactive"]);
    const shown = async (named: string) => {
      const renamed = groups.map((group) => ({ ...group, name: named }));
      const all = await judged(systemOf(renamed, { backends: backends() }), nothing, { now: Date.now() });
      return all.map(({ source, reading: read, soon }) => ({
        rule: source.replace(`${named}/`, ""),
        firing: read.ok
          ? read.value.map((alert) => ({ ...alert, since: 0 })).toSorted((a, b) => a.id.localeCompare(b.id))
          : read.detail,
        soon: soon && { summary: soon.summary, lastsMs: soon.lastsMs },
      }));
    };
    const told = await shown("queues");
    expect(told).toMatchObject([
      { rule: "rule Long", firing: [{ id: 'Long{service="a", who="a"}', severity: "critical", summary: "a has 30" }] },
      { rule: "rule Long#2", firing: [{ id: "Long", severity: "warning" }] },
      { rule: "rule Soon", firing: [], soon: { summary: "b is idle", lastsMs: 5_400_000 } },
      { rule: "rule Never", firing: [] },
    ]);
    // A group that it has not is asked by its expressions.
    expect(await shown("elsewhere")).toEqual(told);
  });

  it("one that cannot be asked, and an expression that it refuses, are told", async () => {
    const refused = [
      {
        name: "odd",
        rules: [
          { alert: "Odd", expr: "rate(queue_length) > 1" },
          { alert: "Fine", expr: "vector(1) > 2" },
        ],
      },
    ];
    const [odd, fine] = await judged(systemOf(refused, { backends: backends() }), nothing);
    expect(odd?.reading.ok).toBe(false);
    expect(fine?.reading).toMatchObject({ ok: true, value: [] });
    const gone = { prom: { prometheus: { base: "http://127.0.0.1:9" } } };
    const silent = await judged(systemOf(refused, { backends: gone }), nothing);
    expect(silent.map(({ reading: read }) => read.ok)).toEqual([false, false]);
    // Nothing else tells of it: neither is left to be told with what it rests on.
    expect([odd, ...silent].map((each) => each?.rests)).toEqual([undefined, undefined, undefined]);
  });
});
