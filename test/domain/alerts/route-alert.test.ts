import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { alertWith } from "../../../src/domain/alerts/labelled-alert.ts";
import type { AlertLabels } from "../../../src/domain/alerts/matcher.ts";
import { whyNeverMuted } from "../../../src/domain/alerts/never-muted.ts";
import type { WeeklyTime } from "../../../src/domain/alerts/quiet-time.ts";
import { routeAlert } from "../../../src/domain/alerts/route-alert.ts";
import { AlertsInFile, routingOf } from "../../../src/domain/alerts/routing.ts";
import { verdictWords } from "../../../src/domain/alerts/verdict-words.ts";
import { SystemFile } from "../../fakes/backends.ts";

type Written = z.input<typeof AlertsInFile>;

const trader = SystemFile.parse({
  id: "trader",
  title: "Trader",
  health: [{ id: "api", http: "http://127.0.0.1:1/health" }],
  metrics: [{ id: "stops", title: "Stops", source: { json: { url: "http://127.0.0.1:1/m", path: "/stops" } } }],
  rules: [
    {
      id: "no-stop",
      metric: "stops",
      below: 1,
      severity: "warning",
      summary: "No stop",
      neverMuted: true,
      tells: ["StopsMissing"],
    },
    { id: "stops-gone", metric: "stops", below: 0, severity: "critical", summary: "Every stop is gone" },
  ],
});

const saturdayNight = Date.UTC(2026, 10, 28, 3);

function decide(written: Written, labels: AlertLabels, firing: readonly AlertLabels[] = []) {
  const routing = routingOf(AlertsInFile.parse(written), [trader]);
  return routeAlert(routing, alertWith(labels), saturdayNight, firing.map(alertWith));
}

function words(written: Written, labels: AlertLabels): readonly string[] {
  return decide(written, labels).verdicts.map((verdict) => `${verdict.route} ${verdictWords(verdict)}`);
}

describe("which route takes an alert", () => {
  const routes: Written["routes"] = [
    { id: "trading", match: 'system="trader"', channels: ["desk"] },
    { id: "databases", match: ['team=~"infra|db"', 'env!="test"'], channels: ["db"], continue: true },
    { id: "rest", match: 'system!=""', channels: ["ops", "db"] },
  ];

  it("the first one that fits, and those behind it are not asked", () => {
    expect(words({ routes }, { system: "trader", team: "db" })).toEqual([
      "trading takes it for desk",
      "databases not asked, because one before it took the alert",
      "rest not asked, because one before it took the alert",
    ]);
  });

  it("one that says continue, and the next; a channel of both is told once", () => {
    expect(decide({ routes }, { system: "guard", team: "db" }).channels).toEqual(["db", "ops"]);
  });

  it("every condition has to hold, and the first that does not is told", () => {
    expect(words({ routes }, { system: "guard", team: "db", env: "test" })).toEqual([
      'trading passes it by: system="trader" does not hold',
      'databases passes it by: env!="test" does not hold',
      "rest takes it for ops, db",
    ]);
  });

  it.each<[string, Written]>([
    ["none fits", { routes }],
    ["there is none", {}],
  ])("the operators where %s", (_what, written) => {
    expect(decide(written, { team: "web" })).toMatchObject({ toOperators: true, channels: [] });
  });

  it("one in shadow takes nothing, and tells what it would have done", () => {
    const shadow = [{ id: "new", channels: ["new"], shadow: true }, ...routes];
    expect(words({ routes: shadow }, { system: "trader" }).slice(0, 2)).toEqual([
      "new in shadow: would take it for new",
      "trading takes it for desk",
    ]);
    expect(decide({ routes: shadow.slice(0, 1) }, { system: "trader" })).toMatchObject({
      toOperators: true,
      channels: [],
    });
  });
});

describe("how it is posted", () => {
  const routes: Written["routes"] = [
    {
      id: "all",
      channels: ["ops"],
      owners: ["ana"],
      groupBy: ["system", "zone"],
      severities: { critical: { channels: ["page"], mention: ["boris"] }, info: { tone: "good" } },
      verbosity: { resolved: "off" },
    },
  ];

  it.each([
    ["critical", { channels: ["page"], mention: ["boris"], tone: "bad" }],
    ["P1", { channels: ["page"], mention: ["boris"], tone: "bad" }],
    ["warning", { channels: ["ops"], mention: [], tone: "warning" }],
    ["odd", { channels: ["ops"], mention: [], tone: "warning" }],
    ["info", { channels: ["ops"], mention: [], tone: "good" }],
  ])("by severity: %s", (severity, post) => {
    expect(decide({ routes }, { severity }).verdicts[0]?.post).toMatchObject({ ...post, owners: ["ana"] });
  });

  it("grouped by labels, of which one that is not there is empty", () => {
    const post = decide({ routes }, { system: "trader", alertname: "a" }).verdicts[0]?.post;
    expect(post).toMatchObject({
      group: { system: "trader", zone: "" },
      verbosity: { firing: "post", resolved: "off", acknowledged: "quiet", silenced: "quiet", flapping: "quiet" },
    });
    const all = decide({ routes: [{ id: "all", channels: ["ops"], groupBy: ["..."] }] }, { a: "b", c: "d" });
    expect(all.verdicts[0]?.post?.group).toEqual({ a: "b", c: "d" });
  });
});

describe("what keeps an alert from being posted", () => {
  const quietRoutes: Written["routes"] = [{ id: "all", channels: ["ops"], mute: [{ from: "02:00", to: "06:00" }] }];
  const windows: Written["maintenance"] = [
    { id: "moving", match: 'system="trader"', from: "2026-11-28T02:00Z", to: "2026-11-28T04:00+01:00" },
    { id: "nightly", match: 'system="guard"', times: [{ from: "03:00", to: "03:30" }] },
  ];

  it.each<[string, Written, AlertLabels, string]>([
    ["hours of the route", { routes: quietRoutes }, {}, "it is quiet every day from 02:00 to 06:00 in UTC"],
    [
      "a window that comes back",
      { routes: [{ id: "all", channels: ["ops"] }], maintenance: windows },
      { system: "guard" },
      "the window nightly is open",
    ],
    [
      "its verbosity",
      { routes: [{ id: "all", channels: ["ops"], verbosity: { firing: "off" } }] },
      {},
      "its verbosity for what fires is off",
    ],
  ])("%s", (_what, written, labels, mutedBy) => {
    const decision = decide(written, { severity: "warning", ...labels });
    expect(decision).toMatchObject({ channels: [], toOperators: false, verdicts: [{ outcome: "muted", mutedBy }] });
  });

  it("a window that is over mutes nothing, to the minute", () => {
    const written = { routes: [{ id: "all", channels: ["ops"] }], maintenance: windows };
    expect(decide(written, { system: "trader" }).channels).toEqual(["ops"]);
  });

  it.each<[string, AlertLabels, string]>([
    ["a critical one", { severity: "critical" }, "its severity is critical"],
    ["P0 in small letters", { severity: "p0" }, "its severity is p0"],
    ["P1", { severity: "P1" }, "its severity is P1"],
    ["a drawdown", { alertname: "MaxDrawdownNear" }, "it is about a drawdown"],
    ["a draw-down", { alertname: "draw-down_warning" }, "it is about a drawdown"],
    ["the daily loss", { alertname: "daily-loss-near" }, "it is about the daily loss"],
    ["the daily P&L", { alertname: "daily_pnl-warning" }, "it is about the daily loss"],
    ["a missed backup", { alertname: "BackupMissed" }, "it is about a backup"],
    ["backups that are old", { alertname: "backups_stale" }, "it is about a backup"],
    ["a rule that says so", { system: "trader", alertname: "no-stop" }, "the rule no-stop of trader is never muted"],
    ["what the file says", { team: "legal" }, '{team="legal"} is never muted'],
  ])("nothing keeps back %s", (_what, labels, neverMuted) => {
    const written: Written = {
      routes: quietRoutes.map((route) => ({ ...route, verbosity: { firing: "off" } })),
      maintenance: [{ id: "all", match: 'nothing=""', times: [{}] }],
      neverMuted: ['team="legal"'],
    };
    expect(decide(written, { severity: "warning", ...labels })).toMatchObject({ channels: ["ops"], neverMuted });
  });

  it.each([{ alertname: "DownstreamSlow" }, { alertname: "LossOfPackets" }, { system: "guard", alertname: "no-stop" }])(
    "%o may be muted",
    (labels) => {
      expect(decide({ routes: quietRoutes }, { severity: "warning", ...labels }).channels).toEqual([]);
    },
  );
});

describe("inhibition", () => {
  const written: Written = {
    routes: [{ id: "all", channels: ["ops"] }],
    inhibit: [{ id: "down", source: 'alertname="down"', target: 'alertname!="down"', equal: ["system", "zone"] }],
  };

  it("hides what has the same labels, one that is missing among them", () => {
    const firing = [{ alertname: "down", system: "trader" }];
    expect(decide(written, { alertname: "slow", system: "trader", zone: "" }, firing)).toMatchObject({
      channels: [],
      toOperators: false,
      inhibitedBy: { rule: "down", source: firing[0] },
    });
  });

  it.each<[string, AlertLabels, readonly AlertLabels[]]>([
    ["nothing fires", { alertname: "slow", system: "trader" }, []],
    ["it fires elsewhere", { alertname: "slow", system: "trader" }, [{ alertname: "down", system: "guard" }]],
    ["it is the cause itself", { alertname: "down", system: "trader" }, [{ alertname: "down", system: "trader" }]],
    [
      "the cause may be muted and it may not",
      { alertname: "drawdown", system: "trader" },
      [{ alertname: "down", system: "trader", severity: "warning" }],
    ],
  ])("hides nothing where %s", (_what, labels, firing) => {
    expect(decide(written, labels, firing).channels).toEqual(["ops"]);
  });

  it("even what is never muted goes behind a cause that is never muted", () => {
    const firing = [{ alertname: "down", system: "trader", severity: "critical" }];
    expect(decide(written, { alertname: "drawdown", system: "trader" }, firing).inhibitedBy?.rule).toBe("down");
  });

  it("a cause that is hidden itself, or may not be seen, hides nothing that is never muted", () => {
    const inhibit = [
      { id: "down", source: 'alertname="down"', target: 'alertname!="down"', equal: ["system"] },
      { id: "loss", source: 'alertname="loss"', target: 'alertname="drawdown"', equal: ["system"] },
    ];
    const loss = { alertname: "loss", system: "trader", severity: "critical" };
    const down = { alertname: "down", system: "trader", severity: "warning" };
    const drawdown = { alertname: "drawdown", system: "trader" };
    expect(decide({ ...written, inhibit }, drawdown, [loss]).inhibitedBy?.rule).toBe("loss");
    expect(decide({ ...written, inhibit }, drawdown, [loss, down]).channels).toEqual(["ops"]);
  });

  describe("rules of one metric", () => {
    const limit = { alertname: "stops-gone", system: "trader", severity: "critical" };
    const near = { alertname: "no-stop", system: "trader", severity: "warning" };

    it("are told by the worst of them that fires, whatever order they come in", () => {
      expect(decide(written, near, [limit]).inhibitedBy).toEqual({ rule: "stops-gone", source: limit });
      expect(decide(written, limit, [near]).channels).toEqual(["ops"]);
      expect(decide(written, near, [{ ...limit, system: "guard" }]).channels).toEqual(["ops"]);
    });

    it("tell what a source calls the same, unless that is worse", () => {
      const source = { alertname: "StopsMissing", system: "trader", severity: "warning" };
      expect(decide(written, source, [near]).inhibitedBy?.rule).toBe("no-stop");
      expect(decide(written, { ...source, severity: "critical" }, [near]).channels).toEqual(["ops"]);
      expect(decide(written, source, []).channels).toEqual(["ops"]);
    });
  });

  it("what is cause and effect of a rule is not hidden by another that is both, as in Alertmanager", () => {
    const both: Written = { ...written, inhibit: [{ id: "loop", source: 'a="1"', target: 'a="1"' }] };
    expect(decide(both, { a: "1" }, [{ a: "1", b: "2" }]).channels).toEqual(["ops"]);
  });
});

describe("whatever the routes say", () => {
  const name = fc.constantFrom("system", "alertname", "severity", "team");
  const value = fc.constantFrom("trader", "drawdown", "backup-missed", "critical", "P1", "warning", "info", "slow", "");
  const labels = fc.dictionary(name, value, { noNullPrototype: true });
  const matcher = fc
    .tuple(name, fc.constantFrom("=", "!=", "=~", "!~"), value)
    .map(([label, operator, of]) => `${label}${operator}"${of}"`);
  const verbosity = fc.record({ firing: fc.constantFrom("post" as const, "quiet" as const, "off" as const) });
  const hours = fc.constantFrom<z.input<typeof WeeklyTime>>(
    {},
    { from: "02:00", to: "04:00" },
    { weekdays: ["monday"] },
  );
  const route = fc.record(
    {
      id: fc.constantFrom("a", "b", "c"),
      channels: fc.constant<string[]>(["ops"]),
      match: fc.array(matcher, { minLength: 1, maxLength: 2 }),
      mute: fc.array(hours, { maxLength: 2 }),
      continue: fc.boolean(),
      shadow: fc.boolean(),
      verbosity,
    },
    { requiredKeys: ["id", "channels"] },
  );
  const file = fc.record({
    routes: fc.array(route, { maxLength: 5 }),
    inhibit: fc.array(
      fc.record({ id: fc.constant("i"), source: matcher, target: matcher, equal: fc.subarray(["system", "team"]) }),
      { maxLength: 3 },
    ),
    maintenance: fc.array(fc.record({ id: fc.constant("w"), match: matcher, times: fc.constant<object[]>([{}]) }), {
      maxLength: 2,
    }),
    neverMuted: fc.array(matcher, { maxLength: 1 }),
  });
  const firing = fc.array(labels, { maxLength: 4 });

  it("an alert is told, muted by a route that takes it, or hidden behind one that fires, and never lost", () => {
    fc.assert(
      fc.property(file, labels, firing, (written, alert, others) => {
        const { channels, toOperators, inhibitedBy, verdicts } = decide(written, alert, others);
        const muted = verdicts.some(({ outcome, shadow }) => outcome === "muted" && !shadow);
        expect(channels.length > 0 || toOperators || muted || inhibitedBy !== undefined).toBe(true);
        expect(verdicts).toHaveLength(written.routes.length);
      }),
      { numRuns: 500 },
    );
  });

  it("what is never muted is told, or hidden behind what is told for certain", () => {
    fc.assert(
      fc.property(file, labels, firing, (written, alert, others) => {
        const routing = routingOf(AlertsInFile.parse(written), [trader]);
        fc.pre(whyNeverMuted(alertWith(alert), routing.neverMuted) !== undefined);
        const { channels, toOperators, inhibitedBy } = decide(written, alert, others);
        const behind = inhibitedBy && decide(written, inhibitedBy.source, others);
        const shown = behind ?? { channels, toOperators };
        expect(shown.channels.length > 0 || shown.toOperators).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("routes in shadow change nothing of what is done", () => {
    fc.assert(
      fc.property(file, labels, firing, (written, alert, others) => {
        const without = { ...written, routes: written.routes.filter(({ shadow }) => !shadow) };
        const [whole, bare] = [decide(written, alert, others), decide(without, alert, others)];
        expect([whole.channels, whole.toOperators]).toEqual([bare.channels, bare.toOperators]);
      }),
    );
  });
});
