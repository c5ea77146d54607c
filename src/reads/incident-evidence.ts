import { type AlertRule, limitsOf } from "../domain/alerts/alert-rule.ts";
import type { Episode } from "../domain/alerts/episode.ts";
import { byWorst } from "../domain/alerts/firing.ts";
import { ruleNamed } from "../domain/alerts/guide.ts";
import { labelIn } from "../domain/alerts/matcher.ts";
import type { WholeRequest } from "../domain/approvals/run.ts";
import type { IncidentCourse } from "../domain/incidents/measured.ts";
import { beganAt, type IncidentEvidence, type IncidentRecord } from "../domain/incidents/post-mortem.ts";
import type { Store } from "../domain/store.ts";
import type { Metric, MetricSeries, Metrics } from "../domain/systems/metrics.ts";
import type { System } from "../domain/systems/system.ts";
import { episodesOver, firingEpisodes } from "../records/episode.ts";
import { nothingUnreadable } from "../records/legible.ts";
import { readRequest, requestsOfSystemSince } from "../records/request.ts";
import { metricCourse } from "./metric-course.ts";

/** Alerts looked through for what they rest on. */
const mostAlerts = 500;
/** More pictures are not looked at, and Discord takes ten files with a message. */
const mostCourses = 6;
/** What a metric did so long before the trouble began is shown beside it, ms. */
const leadMs = 15 * 60_000;

interface Ports {
  readonly store: Store;
  readonly systems: { readonly metrics: Metrics; readonly find: (name: string) => System | undefined };
}

/** Reads the requests of an incident, and the course of the metrics that its alerts rest on. `now`: of one that is not over. */
export async function incidentEvidence(ports: Ports, record: IncidentRecord, now: number): Promise<IncidentEvidence> {
  const { incident } = record;
  const began = beganAt(record);
  const shown = { from: began - leadMs, to: incident.closedAt ?? now };
  const system = incident.system === undefined ? undefined : ports.systems.find(incident.system);
  if (!system) return { requests: [], courses: [], ...shown };
  const [requests, courses] = await Promise.all([
    requestsWithin(ports.store, system.id, { from: began, to: shown.to }),
    coursesWithin(ports, system, { ...shown, began }),
  ]);
  return { requests, courses, ...shown };
}

async function requestsWithin(
  store: Store,
  system: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly WholeRequest[]> {
  const listed = await requestsOfSystemSince(store, system, from);
  const within = listed.filter(({ request }) => request.openedAt <= to);
  const read = await Promise.all(within.map(({ request }) => readRequest(store, request.id).catch(nothingUnreadable)));
  return read.flatMap((each) => each ?? []);
}

interface Within {
  readonly from: number;
  readonly to: number;
  readonly began: number;
}

async function coursesWithin(
  ports: Ports,
  system: System,
  { from, to, began }: Within,
): Promise<readonly IncidentCourse[]> {
  const [firing, over] = await Promise.all([
    firingEpisodes(ports.store, system.id, mostAlerts),
    episodesOver(ports.store, began, mostAlerts),
  ]);
  const within = [...firing.found, ...over.found].filter((each) => each.system === system.id && each.firstAt <= to);
  const worst = within.toSorted((one, other) => byWorst(one, other) || one.firstAt - other.firstAt);
  const courses = [
    ...metricsBehind(worst, system).map((metric) => courseOfMetric(ports, { system, metric, from })),
    ...linksBehind(worst, system).map(([link, name]) => courseOfLink(ports, { system, link, name, from })),
  ];
  const read = (await Promise.all(courses.slice(0, mostCourses))).flatMap((each) => each ?? []);
  return read
    .map((course) => ({ ...course, series: course.series.map((line) => until(line, to)) }))
    .filter(({ series }) => series.some(({ samples }) => samples.length > 0));
}

function until({ name, samples }: MetricSeries, to: number): MetricSeries {
  return { name, samples: samples.filter(({ at }) => at <= to) };
}

/** The rule of the bot that an alert is of, or that tells what it tells. */
function ruleBehind({ labels }: Episode, system: System): AlertRule | undefined {
  const name = labelIn(labels, "alertname");
  return ruleNamed(system, name) ?? system.rules.find(({ tells }) => tells?.includes(name));
}

function metricsBehind(episodes: readonly Episode[], system: System): readonly Metric[] {
  const watched = new Set(episodes.flatMap((each) => ruleBehind(each, system)?.metric ?? []));
  return [...watched].flatMap((id) => system.metrics.filter((each) => each.id === id));
}

/** Where rules elsewhere stand that these alerts come from, each with the name of its first alert. */
function linksBehind(episodes: readonly Episode[], system: System): readonly (readonly [string, string])[] {
  const linked = episodes.filter((each) => !ruleBehind(each, system));
  const links = new Set(linked.flatMap(({ link }) => (link !== undefined && /^https?:\/\//.test(link) ? [link] : [])));
  return [...links].map((link) => {
    const first = linked.find((each) => each.link === link);
    return [link, first ? labelIn(first.labels, "alertname") : link];
  });
}

async function courseOfMetric(
  ports: Ports,
  { system, metric, from }: { readonly system: System; readonly metric: Metric; readonly from: number },
): Promise<IncidentCourse> {
  const { title, unit, bad } = metric;
  const { series } = await metricCourse(ports, system, metric, from);
  return { title, unit, bad, limits: limitsOf(metric, system.rules), series };
}

async function courseOfLink(
  { systems: { metrics } }: Ports,
  {
    system,
    link,
    name,
    from,
  }: { readonly system: System; readonly link: string; readonly name: string; readonly from: number },
): Promise<IncidentCourse | undefined> {
  const found = await metrics.ruleBehind(system, link);
  if (!found) return undefined;
  const { text, limit } = found.expression;
  const reading = await metrics.ask(system, found.backend, { text, from });
  if (!reading.ok) return undefined;
  const side = limit?.sign.startsWith("<") ? "below" : "above";
  const limits = limit ? [{ side, severity: "critical" as const, at: limit.at } as const] : [];
  return { title: name, unit: "", bad: side, limits, series: reading.value.series };
}
