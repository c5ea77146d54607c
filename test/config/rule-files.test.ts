import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { knownSurfaces } from "../../src/compose/known-surfaces.ts";
import { configFingerprint } from "../../src/config/fingerprint.ts";
import { backends } from "../fakes/backends.ts";
import { edited, goodConfig, inFolder, linesOf, system } from "./config-folder.ts";

const rulesAt = "systems/rules/manual.yml";
const naming = (more = "", prometheus = ""): string =>
  edited(
    system,
    "rules: [{ id: busy",
    `${prometheus}alerts: [{ id: manual, rules: { file: rules/manual.yml${more} } }]\nrules: [{ id: busy`,
  );
const prometheus =
  'backends: { prom: { prometheus: { base: "http://127.0.0.1:9" }, identity: { none: "nothing listens there" } } }\n';

function file(...rules: readonly string[]): string {
  return `groups:\n  - name: radar\n    rules:\n${rules.map((rule) => `      - ${rule}\n`).join("")}`;
}

const linesWith = (rules: string, yaml = naming()): Promise<string[]> =>
  linesOf({ "systems/radar.yaml": yaml, [rulesAt]: rules });

describe("a rule file of Prometheus", () => {
  it("is taken as it is, its rules with it", async () => {
    const rules = file(
      '{ alert: Busy, expr: load > 2, for: 1h30m, keep_firing_for: 5m, labels: { severity: page }, annotations: { summary: "{{ $value }}" } }',
      `{ alert: Down, expr: 'up{job="api"} == 0 or absent(load)', for: 0s }`,
    );
    const { systems } = await goodConfig({ "systems/radar.yaml": naming(), [rulesAt]: rules });
    expect(systems[0]?.alerts[0]?.source).toMatchObject({
      backend: "rules",
      spec: { rules: { read: { groups: [{ name: "radar", rules: [{ alert: "Busy" }, { alert: "Down" }] }] } } },
    });
  });

  it.each([
    ["groups: 3\n", "1:9: groups: a list is expected, not the number `3`."],
    ["rules: []\n", "1:1: rules: `rules` is not a key that is known here."],
    ["", "1:1: the file is empty. A rule file begins with `groups:`"],
    [
      file("{ alert: A, expr: load > 2, for: 5 min }"),
      "4:42: groups[0].rules[0].for: a length of time is written as Prometheus",
    ],
    [
      file("{ alert: A, expr: load > 2, fro: 5m }"),
      "4:37: groups[0].rules[0].fro: `fro` is not a key that is known here. Did you mean `for`?",
    ],
    [file("{ expr: load > 2 }"), "4:9: groups[0].rules[0]: a rule has either alert or record."],
    ["groups:\n  - name: radar\n   rules: []\n", "3:"],
  ])("that is none is told with its place: %j", async (rules, line) => {
    const [first] = await linesWith(rules);
    expect(first).toContain(`${rulesAt}:${line}`);
  });

  it.each([
    ["rate(requests[5m]) > 1", 0, "the rule radar/A cannot be judged: rate(…) is worked out by a Prometheus alone"],
    [
      "load > 1 and loda > 2",
      13,
      "the rule radar/A cannot be judged: `loda` is no metric, fact or check of radar. Did you mean `load`?",
    ],
    ['load{instance="a"} > 1', 0, 'no `load` of radar has instance="a". What the bot reads itself has no labels.'],
    ['up{job="web"} == 0', 0, 'no `up` of radar has job="web". Its checks: api.'],
  ])("what nothing would judge is refused by name, where it stands: %s", async (expr, at, said) => {
    const rules = file(`alert: A\n        expr: ${expr}`, "{ alert: B, expr: load > 2 }");
    const lines = await linesWith(rules);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`${rulesAt}:5:${15 + at}: `);
    expect(lines[0]).toContain(said);
    // By a Prometheus all of it is judged.
    expect(await linesWith(rules, naming("", prometheus))).toEqual([]);
  });

  it("the highest of several instances is compared with what it may be above, and not with what it may be below", async () => {
    const urls = '["http://127.0.0.1:9/a", "http://127.0.0.1:9/b"]';
    const metric = `\n  - { id: lag, title: Lag, source: { prometheus: { urls: ${urls}, name: pg_queue_lag, across: max } } }\n`;
    const yaml = edited(naming(), "\nmetrics:\n", `\nmetrics:${metric}`);
    expect(await linesWith(file("{ alert: A, expr: pg_queue_lag > 1000 }"), yaml)).toEqual([]);
    const [line] = await linesWith(file("{ alert: A, expr: pg_queue_lag < 1 }"), yaml);
    expect(line).toContain("of `pg_queue_lag` only the highest over its instances is known");
  });

  it("of the manuals, without a Prometheus, is refused by the name of each rule that only one could judge", async () => {
    const manual = (name: string) => readFile(join(import.meta.dirname, "../integrations/rules/manuals", name), "utf8");
    const metric =
      "\n  - { id: lag, title: Lag, source: { prometheus: { urls: [http://127.0.0.1:9/a], name: NAME } } }\n";
    const reading = (series: string) => edited(naming(), "\nmetrics:\n", `\nmetrics:${metric.replace("NAME", series)}`);
    const refused = async (...[rules, yaml]: Parameters<typeof linesWith>) =>
      (await linesWith(rules, yaml)).map((line) => /the rule (\S+) cannot be judged: (\S+)/.exec(line)?.slice(1));
    expect(await refused(await manual("pulseguard.yml"), reading("pg_queue_lag"))).toEqual([
      ["pulseguard/HighLatency", "histogram_quantile(…)"],
    ]);
    expect(await refused(await manual("logos.yml"), reading("proof_queue_length"))).toEqual([
      ["pxl_core_critical/PXLCoreDown", "no"],
      ["pxl_core_critical/HighErrorRate", "rate(…)"],
      ["pxl_core_critical/HighLatency", "histogram_quantile(…)"],
      ["pxl_core_warning/ResourceUsageHigh", expect.any(String)],
    ]);
    for (const name of ["logos", "pulseguard", "logos-corrected", "pulseguard-corrected"])
      expect(await linesWith(await manual(`${name}.yml`), naming("", prometheus))).toEqual([]);
  });

  it("a recording rule is named as not evaluated, and keeps nothing from being used", async () => {
    expect(await linesWith(file("{ record: a:b, expr: sum(x) }", "{ alert: A, expr: load > 2 }"))).toEqual([
      expect.stringMatching(`${rulesAt}:4:19: warning: .*the recording rule a:b is not evaluated here`),
    ]);
  });

  it("that is not there, and a Prometheus that is none, are told where the system names them", async () => {
    const [absent] = await linesOf({ "systems/radar.yaml": naming() });
    expect(absent).toMatch(
      /^systems\/radar.yaml:\d+:\d+: alerts\[0\].rules.file: the rule file .*manual.yml cannot be read/,
    );
    const [unknown] = await linesWith(file("{ alert: A, expr: load > 2 }"), naming(", backend: prom"));
    expect(unknown).toContain("alerts[0].rules.backend: there is no Prometheus called `prom` below backends");
  });

  it("that changes is noticed while the bot runs", async () => {
    await inFolder({ "systems/radar.yaml": naming(), [rulesAt]: file() }, async (folder) => {
      const seen = () => configFingerprint({ folder, backends, surfaces: knownSurfaces });
      const before = await seen();
      expect(await seen()).toBe(before);
      await writeFile(join(folder, rulesAt), file("{ alert: A, expr: load > 2 }"));
      expect(await seen()).not.toBe(before);
    });
  });
});
