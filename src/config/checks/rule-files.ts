import { readAlertExpression, seriesNamedIn } from "../../domain/alerts/alert-expression.ts";
import { showMatcher, unmetBy } from "../../domain/alerts/matcher.ts";
import { type KnownSeries, knownSeriesOf } from "../../domain/alerts/own-series.ts";
import { alertRulesIn, type FileAlertRule, type RuleFile, type RuleFileSpec } from "../../domain/alerts/rule-file.ts";
import type { Backend } from "../../domain/systems/backend.ts";
import type { System } from "../../domain/systems/system.ts";
import { nearest } from "../../domain/text/distance.ts";
import { locateValue } from "../locate.ts";
import type { ConfigProblem, Path } from "../problem.ts";
import { problemAt, problemAtOffset, type SourceText } from "../source.ts";

/** Rules of a file, and the system that they are of. */
export interface RulesRead {
  readonly read: RuleFile;
  readonly in: SourceText;
  readonly spec: RuleFileSpec;
  readonly system: { readonly value: System; readonly source: SourceText; readonly place: Path };
}

/** What of a rule file nothing would judge: by a Prometheus all of it is, by the bot what it reads itself. */
export function checkRules(rules: RulesRead, backends: readonly Backend[]): ConfigProblem[] {
  const { spec, system } = rules;
  const servers = Object.entries(system.value.backends ?? {}).flatMap(([name, { kind }]) =>
    backends.find((each) => each.name === kind)?.metric?.ruleStates ? [name] : [],
  );
  const recorded = recordingRules(rules);
  const { backend } = spec.rules;
  if (backend !== undefined && !servers.includes(backend)) {
    const message = `there is no Prometheus called \`${backend}\` below backends`;
    const remedy = servers.length === 0 ? "Declare it below backends." : `Known: ${servers.join(", ")}.`;
    return [...recorded, problemAt(system.source, [...system.place, "backend"], { message, remedy })];
  }
  if (backend === undefined && servers.length > 1) {
    const message = `several Prometheus are declared: ${servers.join(", ")}`;
    return [
      ...recorded,
      problemAt(system.source, system.place, { message, remedy: "Name one of them with `backend`." }),
    ];
  }
  if (servers.length > 0) return recorded;
  const known = knownSeriesOf(system.value, (source) =>
    backends.find(({ name }) => name === source.backend)?.metric?.exposed?.(source.spec),
  );
  return [...recorded, ...alertRulesIn(rules.read).flatMap((rule) => unjudged(rules, rule, known))];
}

function recordingRules({ read, in: source }: RulesRead): ConfigProblem[] {
  return read.groups.flatMap(({ rules = [] }, group) =>
    rules.flatMap(({ record }, index) => {
      if (record === undefined) return [];
      const message = `the recording rule ${record} is not evaluated here`;
      const remedy = "It is a Prometheus that records; an alert may rest on it where one does.";
      return [problemAt(source, ["groups", group, "rules", index, "record"], { severity: "warning", message, remedy })];
    }),
  );
}

const byPrometheus = "Declare a Prometheus below backends that judges it, or take the rule out of the file.";

function unjudged(
  { in: source, system }: RulesRead,
  rule: FileAlertRule,
  known: readonly KnownSeries[],
): ConfigProblem[] {
  const at = (offset: number, message: string, remedy: string) =>
    placed(source, rule, offset, { message: `the rule ${rule.name} cannot be judged: ${message}`, remedy });
  const read = readAlertExpression(rule.expr);
  if (!("expression" in read)) return [at(read.at, read.message, byPrometheus)];
  return seriesNamedIn(read.expression).flatMap((series): ConfigProblem[] => {
    const named = known.filter(({ name }) => name === series.name);
    const names = [...new Set(known.map(({ name }) => name))];
    const meant = nearest(series.name, names);
    const [first] = named;
    if (!first) {
      const message = `\`${series.name}\` is no metric, fact or check of ${system.value.id}`;
      return [
        at(series.at, message, meant === undefined ? byPrometheus : `Did you mean \`${meant}\`? ${byPrometheus}`),
      ];
    }
    if (!named.some(({ labels }) => unmetBy(labels, series.matchers) === undefined)) {
      const unmet = unmetBy(first.labels, series.matchers);
      const message = `no \`${series.name}\` of ${system.value.id} has ${unmet ? showMatcher(unmet) : "these labels"}`;
      const jobs = named.flatMap(({ labels }) => labels["job"] ?? []);
      const remedy = jobs.length === 0 ? "What the bot reads itself has no labels." : `Its checks: ${jobs.join(", ")}.`;
      return [at(series.at, message, `${remedy} ${byPrometheus}`)];
    }
    const only = named.find((each) => each.only)?.only;
    const fits = only === undefined || series.sign?.startsWith(only === "highest" ? ">" : "<") !== false;
    if (fits) return [];
    const message = `of \`${series.name}\` only the ${only} over its instances is known`;
    return [at(series.at, message, byPrometheus)];
  });
}

/** At the character of the expression, where the file has it as it reads. */
function placed(
  source: SourceText,
  { expr, path }: FileAlertRule,
  at: number,
  mistake: { readonly message: string; readonly remedy: string },
): ConfigProblem {
  const place = [...path, "expr"];
  const problem = problemAt(source, place, mistake);
  const start = locateValue(source.document, place).value;
  const [rest = ""] = expr.slice(at).split("\n");
  const found = rest === "" ? -1 : source.text.indexOf(rest, start);
  if (found < 0 || found > start + expr.length + 40) return problem;
  return { ...problemAtOffset(source, found, mistake), path: problem.path };
}
