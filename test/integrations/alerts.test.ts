import { describe, expect, it } from "vitest";
import type { ActiveAlert, Watched } from "../../src/domain/alerts/alert.ts";
import type { System } from "../../src/domain/systems/system.ts";
import { createAlerts } from "../../src/integrations/alerts.ts";
import { course, high, minute, now } from "../domain/alerts/course.ts";
import { type Backend, json, openBackend, openBackends } from "./backend.ts";
import { metricsOf, systemWith } from "./systems.ts";

async function poll(backend: Backend): Promise<readonly ActiveAlert[] | string> {
  const system = systemWith({
    alerts: [
      {
        id: "monitor",
        poll: `${backend.url}/api/alerts`,
        list: "/active",
        fields: { id: "id", severity: "level", summary: "message", since: "at" },
        severities: { CRITICAL: "critical", NOTICE: "info" },
      },
    ],
  });
  const [only] = await createAlerts({ backends: openBackends(), ...metricsOf({ now: {} }) }).listed(system);
  if (!only) throw new Error("no source was read");
  return only.reading.ok ? only.reading.value : only.reading.detail;
}

type Measured = ReturnType<typeof metricsOf> & { readonly sampledEveryMs?: () => number };

async function judged(system: System, { metrics, ...parts }: Measured): Promise<readonly Watched[]> {
  return createAlerts({ backends: openBackends(), ...parts }).judged(system, {
    metrics: await metrics.read(system),
    components: [],
    facts: [],
  });
}

describe("a source of alerts", () => {
  it("is read as it names things, its own word for the severity beside ours", async () => {
    const backend = await openBackend(
      json({
        active: [
          { id: "dd", level: "CRITICAL", message: "Drawdown 12 %", at: "2026-01-02T03:00:00Z" },
          { id: 7, level: "NOTICE", message: "Rebalanced", at: 1_767_322_800 },
          { id: "x", level: "PANIC", message: "Odd word", at: 1_767_322_800_000 },
        ],
      }),
    );
    expect(await poll(backend)).toEqual([
      {
        system: "trader",
        source: "monitor",
        id: "dd",
        severity: "critical",
        ownSeverity: "CRITICAL",
        summary: "Drawdown 12 %",
        since: Date.UTC(2026, 0, 2, 3),
      },
      {
        system: "trader",
        source: "monitor",
        id: "7",
        severity: "info",
        ownSeverity: "NOTICE",
        summary: "Rebalanced",
        since: 1_767_322_800_000,
      },
      {
        system: "trader",
        source: "monitor",
        id: "x",
        severity: "warning",
        ownSeverity: "PANIC",
        summary: "Odd word",
        since: 1_767_322_800_000,
      },
    ]);
  });

  it.each(["constructor", "__proto__", "toString", ""])(
    "with the severity %j is a warning like any unknown word",
    async (level) => {
      const backend = await openBackend(json({ active: [{ id: "a", level, message: "m" }] }));
      expect(await poll(backend)).toMatchObject([{ severity: "warning", ownSeverity: level || "no level" }]);
    },
  );

  it.each(["labels.severity", "/labels/severity"])(
    "is read where its rows nest what it says, as %s",
    async (severity) => {
      const backend = await openBackend(
        json([
          {
            print: "a1",
            labels: { severity: "CRITICAL" },
            annotations: { summary: "Margin" },
            at: "1795846800",
            state: "firing",
          },
          { print: "b2", labels: { severity: "warning" }, annotations: { summary: "Over" }, at: 1, state: "resolved" },
          {
            print: "c3",
            labels: { severity: "Critical" },
            annotations: { summary: "Odd" },
            at: 1_795_846_800_000_000_000,
          },
          { print: "d4", labels: {}, annotations: { summary: "None" }, at: "0001-01-01T00:00:00Z", state: "active" },
        ]),
      );
      const alerts = [
        {
          id: "am",
          poll: backend.url,
          list: "",
          fields: { id: "print", severity, summary: "annotations.summary", since: "at" },
          severities: { critical: "critical" as const },
          when: { state: ["firing", "active"] },
        },
      ];
      const [only] = await createAlerts({ backends: openBackends(), ...metricsOf({ now: {} }) }).listed(
        systemWith({ alerts }),
      );
      const since = 1_795_846_800_000;
      expect(only?.reading).toMatchObject({
        value: [
          { id: "a1", severity: "critical", ownSeverity: "CRITICAL", summary: "Margin", since },
          { id: "c3", severity: "critical", since },
          { id: "d4", severity: "warning", ownSeverity: `no ${severity}` },
        ],
      });
      backend.answer(json([{ print: "a1" }]));
      const unread = await createAlerts({ backends: openBackends(), ...metricsOf({ now: {} }) }).listed(
        systemWith({ alerts }),
      );
      expect(unread).toMatchObject([{ reading: { ok: false, detail: expect.stringContaining("none has state") } }]);
    },
  );

  it("fires with the words it is to fire with in whatever case, and with a yes that is written as a text", async () => {
    const backend = await openBackend(
      json([
        { id: "a", state: "FIRING", on: "true" },
        { id: "b", state: "resolved", on: true },
        { id: "c", state: "Firing", on: true },
        { id: "d", state: "firing", on: "false" },
      ]),
    );
    const alerts = [
      {
        id: "am",
        poll: backend.url,
        list: "",
        fields: { id: "id", severity: "severity", summary: "summary" },
        severities: {},
        when: { state: "firing", on: true },
      },
    ];
    const ports = { backends: openBackends(), ...metricsOf({ now: {} }) };
    const [only] = await createAlerts(ports).listed(systemWith({ alerts }));
    expect(only?.reading).toMatchObject({ ok: true, value: [{ id: "a" }, { id: "c" }] });
  });

  it("fires where a condition holds, or where that cannot be told, and is told apart by its labels", async () => {
    const backend = await openBackend(
      json([
        { id: "load", on: { host: "a" }, value: 3, limit: 2 },
        { id: "load", on: { host: "b" }, value: 1, limit: 2 },
        { id: "load", on: { host: "c" } },
      ]),
    );
    const alerts = [
      {
        id: "am",
        poll: backend.url,
        list: "",
        fields: { id: "id", severity: { is: "P1" }, summary: "id", hint: "do", labels: { host: "on.host" } },
        severities: { P1: "critical" as const },
        when: "row.value > row.limit",
      },
    ];
    const ports = { backends: openBackends(), ...metricsOf({ now: {} }) };
    const [only] = await createAlerts(ports).listed(systemWith({ alerts }));
    expect(only?.reading).toMatchObject({
      ok: true,
      value: [
        { id: 'load{host="a"}', severity: "critical", labels: { alertname: "load", host: "a", severity: "P1" } },
        { id: 'load{host="c"}' },
      ],
    });
  });

  it("with half an alert still shows it", async () => {
    const backend = await openBackend(
      json({ active: [{ id: "only-id", at: "yesterday" }, { message: "only words" }] }),
    );
    expect(await poll(backend)).toMatchObject([
      { id: "only-id", summary: "only-id" },
      { id: "only words", summary: "only words" },
    ]);
    expect(JSON.stringify(await poll(backend))).not.toContain("since");
  });

  it.each([
    { what: "nothing", body: {} },
    { what: "null", body: { active: null } },
    { what: "an empty object", body: { active: {} } },
    { what: '""', body: { active: "" } },
    { what: "null as alert 1", body: { active: [null] } },
    { what: '"fire" as alert 2', body: { active: [{ id: "a" }, "fire"] } },
    { what: "an alert that has neither id nor message", body: { active: [{}] } },
  ])("that answers with $what is unread, not quiet", async ({ what, body }) => {
    const backend = await openBackend(json(body));
    expect(await poll(backend)).toContain(`GET /api/alerts answered with ${what}`);
  });

  it("that is quiet is quiet", async () => {
    expect(await poll(await openBackend(json({ active: [] })))).toEqual([]);
  });
});

describe("the rules of a system", () => {
  const rules = [
    {
      id: "slow",
      metric: "latency",
      above: 0.1,
      for: "5m",
      severity: "critical" as const,
      summary: "Slow",
      hint: "Scale up.",
    },
    { id: "lagging", metric: "lag", above: 1_000, severity: "warning" as const, summary: "Behind" },
  ];

  it("are watched one by one; what one cannot read hides nothing of the others", async () => {
    const measured = metricsOf({
      now: { latency: high, lag: "unread" },
      past: { latency: course(0.2, { fromMs: 6 * minute }) },
    });
    const read = await judged(systemWith({ rules }), measured);
    expect(read).toMatchObject([
      {
        source: "rule slow",
        reading: {
          ok: true,
          value: [{ id: "slow", severity: "critical", since: now - 6 * minute, hint: "Scale up." }],
        },
      },
      {
        source: "rule lagging",
        reading: { ok: false, fault: "timeout", detail: "lag could not be read: gave no answer within 3 s" },
      },
    ]);
  });

  it("say of one that is breached, and was not a minute ago, since when and for how long it has to be", async () => {
    const measured = metricsOf({
      now: { latency: high, lag: { at: now, value: 1 } },
      past: { latency: [{ at: now - minute, value: 0.01 }] },
    });
    expect((await judged(systemWith({ rules }), measured))[0]).toMatchObject({
      source: "rule slow",
      reading: { ok: true, value: [] },
      soon: { severity: "critical", summary: "Slow", since: now, lastsMs: 5 * minute },
    });
  });

  it("say of a rule that cannot be sure that it is not", async () => {
    const measured = metricsOf({
      now: { latency: high, lag: { at: now, value: 1 } },
      past: { latency: course(0.2, { fromMs: minute }) },
    });
    const read = await judged(systemWith({ rules }), measured);
    expect(read).toMatchObject([
      {
        source: "rule slow",
        reading: {
          ok: false,
          detail: "slow: breached for the 60 s that were watched without a gap; it takes 5 min to be sure",
        },
      },
      { source: "rule lagging", reading: { ok: true, value: [] } },
    ]);
  });

  it("about a metric that nobody has are unread", async () => {
    const read = await judged(systemWith({ rules }), metricsOf({ now: {} }));
    expect(read.map(({ source, reading }) => [source, reading.ok])).toEqual([
      ["rule slow", false],
      ["rule lagging", false],
    ]);
  });

  it("on a store that cannot be read are unread", async () => {
    const measured = {
      ...metricsOf({ now: { latency: high } }),
      history: () => Promise.reject(new Error("disk: /secret/path")),
    };
    const read = await judged(systemWith({ rules: rules.slice(0, 1) }), measured);
    expect(read).toMatchObject([{ source: "rule slow", reading: { ok: false, fault: "broken" } }]);
    expect(JSON.stringify(read)).not.toContain("secret");
  });

  it("and limits without one fire once, the worse of two", async () => {
    const metric = (id: string) => ({
      id,
      title: id,
      warn: 10,
      critical: 20,
      source: { json: { url: "http://127.0.0.1:9/", path: "/x" } },
    });
    const system = systemWith({ metrics: [metric("lag"), metric("gap"), metric("calm")] });
    const at = (value: number) => ({ at: now, value });
    const read = await judged(system, metricsOf({ now: { lag: at(50), gap: at(15), calm: at(1) } }));
    expect(
      read.map(({ source, reading }) => [source, reading.ok ? reading.value.map(({ summary }) => summary) : "unread"]),
    ).toEqual([
      ["limit lag-critical", ["lag is above 20"]],
      ["limit lag-warning", []],
      ["limit gap-critical", []],
      ["limit gap-warning", ["gap is above 10"]],
      ["limit calm-critical", []],
      ["limit calm-warning", []],
    ]);
  });

  it("judge holes by how often samples are kept", async () => {
    const past = { latency: course(0.2, { fromMs: 20 * minute, everyMs: 2 * minute }) };
    const measured = metricsOf({ now: { latency: high }, past });
    const system = systemWith({ rules: rules.slice(0, 1) });
    const often = await judged(system, measured);
    const seldom = await judged(system, { ...measured, sampledEveryMs: () => 2 * minute });
    expect(often[0]?.reading.ok).toBe(false);
    expect(seldom).toMatchObject([{ reading: { ok: true, value: [{ id: "slow" }] } }]);
  });
});
