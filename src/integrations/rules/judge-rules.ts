import type { ActiveAlert, RulesAsked, SoonAlert, Watched } from "../../domain/alerts/alert.ts";
import { type AlertExpression, readAlertExpression } from "../../domain/alerts/alert-expression.ts";
import { judgeExpression } from "../../domain/alerts/judge-expression.ts";
import { ownSeriesOf } from "../../domain/alerts/own-series.ts";
import { alertOfRule, type RuleAlert } from "../../domain/alerts/rule-alert.ts";
import { alertRulesIn, type FileAlertRule, type RuleFile } from "../../domain/alerts/rule-file.ts";
import { fillTemplate } from "../../domain/alerts/rule-template.ts";
import type { SeverityWords } from "../../domain/alerts/severity.ts";
import type { Backend } from "../../domain/systems/backend.ts";
import type { MissingInstances, RuleState } from "../../domain/systems/metrics.ts";
import type { FailedReading } from "../../domain/systems/reading.ts";
import { asFailedReading, missing, take } from "../wire/reading.ts";

interface Judged {
  readonly read: RuleFile;
  readonly backend?: string | undefined;
  readonly severities: SeverityWords;
}

const deadlineMs = 3_000;

/** How each alerting rule of a file stands. Never rejects. */
export async function judgeRuleFile(
  backends: readonly Backend[],
  { read, backend, severities }: Judged,
  asked: RulesAsked,
): Promise<readonly Watched[]> {
  const rules = alertRulesIn(read);
  const server = serverOf(backends, asked, backend);
  const states = server ? await statesThere(server, rules, asked) : statesHere(backends, rules, asked);
  return rules.map((rule, at) => watchedOf(rule, states[at] ?? unjudged(), { asked, severities }));
}

type Server = (rules: readonly FileAlertRule[], system: string) => Promise<readonly RuleState[]>;

function serverOf(
  backends: readonly Backend[],
  { system }: RulesAsked,
  wanted: string | undefined,
): Server | undefined {
  const found = Object.entries(system.backends ?? {}).flatMap(([name, { kind, connection }]) => {
    const states = backends.find((each) => each.name === kind)?.metric?.ruleStates;
    return states && (wanted === undefined || wanted === name) ? [{ states, connection }] : [];
  });
  const [first] = found;
  if (!first) return undefined;
  return (rules, id) => first.states(first.connection, { system: id, deadlineMs, round: {}, rules });
}

type State = RuleState | { readonly kind: "unread"; readonly reading: FailedReading; readonly rests: boolean };

interface HereState {
  readonly missing?: MissingInstances;
}

async function statesThere(
  server: Server,
  rules: readonly FileAlertRule[],
  { system }: RulesAsked,
): Promise<readonly State[]> {
  const read = await take(async () => ({ value: await server(rules, system.id) }));
  return read.ok ? read.value : rules.map(() => ({ kind: "unread", reading: read, rests: false }));
}

/** Rules that `check` let through are read again at each look: there are few, and they are short. */
function statesHere(
  backends: readonly Backend[],
  rules: readonly FileAlertRule[],
  { system, readings }: RulesAsked,
): readonly (State & HereState)[] {
  const series = ownSeriesOf(system, readings, (source) =>
    backends.find(({ name }) => name === source.backend)?.metric?.exposed?.(source.spec),
  );
  return rules.map((rule): State & HereState => {
    const expression = expressionOf(rule);
    if (!expression) return unjudged();
    const { holds, unread, missing: without } = judgeExpression(expression, series);
    const [first] = unread;
    if (first && holds.length === 0)
      return {
        kind: "unread",
        reading: { ...first, detail: `${rule.name} rests on what could not be read: ${first.detail}` },
        rests: true,
      };
    return { kind: "evaluated", series: holds, ...(without && { missing: without }) };
  });
}

function expressionOf({ expr }: FileAlertRule): AlertExpression | undefined {
  const read = readAlertExpression(expr);
  return "expression" in read ? read.expression : undefined;
}

function unjudged(): State {
  return { kind: "unread", reading: missing("no Prometheus is declared that could judge it"), rests: false };
}

interface Within {
  readonly asked: RulesAsked;
  readonly severities: SeverityWords;
}

function watchedOf(rule: FileAlertRule, state: State & HereState, { asked, severities }: Within): Watched {
  const source = `rule ${rule.name}`;
  if (state.kind === "unread") return { source, reading: state.reading, ...(state.rests && { rests: true }) };
  if (state.kind === "failed") return { source, reading: asFailedReading(state.error) };
  const { system, now } = asked;
  const found = state.kind === "told" ? state.alerts : heldAlerts(rule, state.series, { source, asked });
  const active = (each: RuleAlert): ActiveAlert => ({
    ...alertOfRule(each, severities),
    system: system.id,
    source: "rules",
  });
  const pending = found.filter(({ isPending }) => isPending).map(active);
  const firing = found.filter(({ isPending }) => !isPending).map(active);
  const [soonest] = pending.toSorted((a, b) => (a.since ?? now) - (b.since ?? now));
  const soon: SoonAlert | undefined = soonest && {
    system: system.id,
    severity: soonest.severity,
    summary: soonest.summary,
    since: soonest.since ?? now,
    lastsMs: rule.forMs,
  };
  const isQuiet = firing.length === 0;
  return {
    source,
    reading: { ok: true, value: firing, at: now, latencyMs: 0 },
    ...(soon && { soon }),
    ...(isQuiet && state.missing && { missing: state.missing, rests: true }),
    ...(state.kind === "evaluated" && {
      held: Object.fromEntries([...pending, ...firing].map(({ id, since = now }) => [`${source} ${id}`, since])),
      keepMs: rule.keepMs,
    }),
  };
}

/** What an expression gives is an alert of the rule; since when it holds, the looks before this one know. */
function heldAlerts(
  rule: FileAlertRule,
  series: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[],
  { source, asked }: { readonly source: string; readonly asked: RulesAsked },
): readonly (RuleAlert & { readonly isPending: boolean })[] {
  return series.map((each) => {
    const filled = (texts: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fillTemplate(text, each)]));
    const labels = { ...each.labels, ...filled(rule.labels), alertname: rule.alert };
    const { id } = alertOfRule({ labels, annotations: {} }, {});
    const since = asked.held[`${source} ${id}`] ?? asked.now;
    return { labels, annotations: filled(rule.annotations), since, isPending: asked.now - since < rule.forMs };
  });
}
