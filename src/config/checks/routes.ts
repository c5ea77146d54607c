import { type MatchersRead, readMatchers } from "../../domain/alerts/read-matchers.ts";
import { type AlertsInFile, type MatchersInFile, matcherTexts } from "../../domain/alerts/routing.ts";
import { UserError } from "../../domain/failure.ts";
import type { SurfaceTraits } from "../../domain/people/surface.ts";
import { distance, nearest } from "../../domain/text/distance.ts";
import type { ConfigProblem, Path } from "../problem.ts";
import { problemAt, type SourceText } from "../source.ts";
import type { Files } from "./files.ts";
import { type Named, repeated, unknownName } from "./names.ts";
import { failedRouteTests } from "./route-tests.ts";
import { checkSenders } from "./senders.ts";
import { checkSignsOfLife } from "./signs-of-life.ts";

/** Routes that cannot work: conditions that are none, channels and people that are not there, and tests of theirs that fail. */
export function checkRoutes(files: Files, surfaces: readonly SurfaceTraits[]): ConfigProblem[] {
  if (!files.wardroom) return [];
  const { source, value } = files.wardroom;
  const { alerts } = value;
  const problems = [
    ...doubled(source, alerts),
    ...checkSenders(files),
    ...checkSignsOfLife(files),
    ...wrongNames(files, surfaces),
    ...onCallOfNothing(files),
    ...matcherPlaces(alerts).flatMap((place) => wrongIn(files, source, place)),
  ];
  // Of rules with mistakes something was taken out, and where alerts go hangs on all of them.
  if (files.wardroom.taken) return problems;
  problems.push(...lostAlerts(files));
  // What is wrong above would show again in each test.
  if (problems.some(({ severity }) => severity === "error") || !files.everySystem) return problems;
  return [...problems, ...failedRouteTests(files)];
}

function doubled(source: SourceText, { routes, inhibit, maintenance }: AlertsInFile): ConfigProblem[] {
  const ids = (items: readonly { readonly id: string }[], list: string): Named[] =>
    items.map(({ id }, index) => ({ name: id, source, path: ["alerts", list, index, "id"] }));
  return [
    ...repeated(ids(routes, "routes"), "a route"),
    ...repeated(ids(inhibit, "inhibit"), "a rule"),
    ...repeated(ids(maintenance, "maintenance"), "a window"),
  ];
}

interface NamedAt {
  readonly names: readonly string[];
  readonly path: Path;
}

function wrongNames({ wardroom, people }: Files, surfaces: readonly SurfaceTraits[]): ConfigProblem[] {
  if (!wardroom) return [];
  const { source, value } = wardroom;
  const known = value.channels.map(({ id }) => id);
  const persons = people?.value.people.map(({ id }) => id);
  const [channels, owners, called] = namesIn(value.alerts);
  const announced: readonly NamedAt[] = [
    { names: value.oncall.announce, path: ["oncall", "announce"] },
    ...value.oncall.rotations.map(({ announce }, at) => ({
      names: announce,
      path: ["oncall", "rotations", at, "announce"],
    })),
  ];
  const rotations = value.oncall.rotations.map(({ id }) => id);
  const each = (of: readonly NamedAt[]): readonly Named[] =>
    of.flatMap(({ names, path }) => names.map((name, index) => ({ name, source, path: [...path, index] })));
  return [
    ...each([...channels, ...announced]).flatMap((named) => [
      ...unknownName(named, known, "channel"),
      ...keepsNothing(named, value.channels, surfaces),
    ]),
    ...(persons ? each(owners).flatMap((named) => unknownName(named, persons, "person")) : []),
    ...(persons
      ? each(called).flatMap((named) => unknownName(named, [...persons, ...rotations], "person or rotation"))
      : []),
  ];
}

/** People on call for a system that is not there would be called by nothing. */
function onCallOfNothing({ wardroom, systems, everySystem }: Files): ConfigProblem[] {
  if (!wardroom || !everySystem) return [];
  const { source, value } = wardroom;
  const known = systems.map((each) => each.value.id);
  return Object.keys(value.alerts.onCall).flatMap((name) =>
    unknownName({ name, source, path: ["alerts", "onCall", name] }, known, "system"),
  );
}

/** The channels, the owners and whoever is called, each with where. */
function namesIn({
  routes,
  tests,
  onCall,
}: AlertsInFile): readonly [readonly NamedAt[], readonly NamedAt[], readonly NamedAt[]] {
  const bySeverity = routes.flatMap(({ severities }, index) =>
    Object.entries(severities).map(([severity, of]) => ({
      ...of,
      path: ["alerts", "routes", index, "severities", severity],
    })),
  );
  const own = routes.map((route, index) => ({ ...route, path: ["alerts", "routes", index] }));
  return [
    [
      ...own.map(({ channels, path }) => ({ names: channels, path: [...path, "channels"] })),
      ...bySeverity.map(({ channels = [], path }) => ({ names: channels, path: [...path, "channels"] })),
      ...tests.map(({ channels }, index) => ({ names: channels, path: ["alerts", "tests", index, "channels"] })),
    ],
    own.map(({ owners, path }) => ({ names: owners, path: [...path, "owners"] })),
    [
      ...bySeverity.map(({ mention = [], path }) => ({ names: mention, path: [...path, "mention"] })),
      ...Object.entries(onCall).map(([system, names]) => ({ names, path: ["alerts", "onCall", system] })),
    ],
  ];
}

/** An alert stays where it is posted, and is edited there. */
function keepsNothing(
  { name, source, path }: Named,
  channels: readonly { readonly id: string; readonly surface: string }[],
  surfaces: readonly SurfaceTraits[],
): ConfigProblem[] {
  const surface = channels.find(({ id }) => id === name)?.surface;
  if (surface === undefined || surfaces.some(({ id, keepsMessages }) => id === surface && keepsMessages)) return [];
  const mistake = {
    message: `\`${name}\` is on the surface \`${surface}\`, where nothing that is posted stays`,
    remedy: "Name a channel of another surface.",
  };
  return [problemAt(source, path, mistake)];
}

interface MatcherPlace {
  readonly match: MatchersInFile | undefined;
  readonly path: Path;
  /** Only a route may be for every alert. */
  readonly mayBeAll?: boolean;
}

function matcherPlaces({ routes, inhibit, maintenance, neverMuted, expected }: AlertsInFile): readonly MatcherPlace[] {
  return [
    ...routes.map(({ match }, index) => ({ match, path: ["alerts", "routes", index, "match"], mayBeAll: true })),
    ...inhibit.flatMap(({ source, target }, index) => [
      { match: source, path: ["alerts", "inhibit", index, "source"] },
      { match: target, path: ["alerts", "inhibit", index, "target"] },
    ]),
    ...maintenance.map(({ match }, index) => ({ match, path: ["alerts", "maintenance", index, "match"] })),
    ...expected.map(({ match }, index) => ({ match, path: ["alerts", "expected", index, "match"] })),
    ...neverMuted.map((match, index) => ({ match, path: ["alerts", "neverMuted", index] })),
  ];
}

function wrongIn(files: Files, source: SourceText, { match, path, mayBeAll = false }: MatcherPlace): ConfigProblem[] {
  const read = matcherTexts(match).map((text, index) => {
    const at = typeof match === "string" ? path : [...path, index];
    return { at, result: readOrRefuse(text) };
  });
  const problems = read.flatMap(({ at, result }) =>
    result instanceof UserError
      ? [problemAt(source, at, { message: clause(result.message), remedy: result.remedy ?? "Correct it." })]
      : doubtful(files, result).map((mistake) => problemAt(source, at, { ...mistake, severity: "warning" })),
  );
  const isAll = read.every(({ result }) => !(result instanceof UserError) && result.matchers.length === 0);
  if (!isAll || mayBeAll) return problems;
  const remedy = 'Say which alerts, for example system="…".';
  return [...problems, problemAt(source, path, { message: "this would be every alert", remedy })];
}

function doubtful(files: Files, { matchers, better }: MatchersRead) {
  const systems = files.systems.flatMap(({ value: { id, aliases } }) => [id, ...aliases]);
  const misspelt = matchers.flatMap((matcher) => {
    const isSystem = matcher.label === "system" && matcher.operator === "=" && matcher.value !== "";
    const meant = isSystem && !systems.includes(matcher.value) ? nearest(matcher.value, systems) : undefined;
    if (meant === undefined || !files.everySystem) return [];
    return [{ message: `no system is called \`${matcher.value}\``, remedy: `Did you mean \`${meant}\`?` }];
  });
  const likeSystem = matchers
    .filter(({ label }) => label !== "system" && distance(label.toLowerCase(), "system") <= 2)
    .map(({ label }) => ({ message: `\`${label}\` is no label that the bot gives`, remedy: "Did you mean `system`?" }));
  const doubts = [...misspelt, ...likeSystem];
  if (better === undefined) return doubts;
  const message = "only Alertmanager's old syntax reads this";
  return [...doubts, { message, remedy: `Write what it means there: ${better}.` }];
}

/** Routes that nothing gets to, and alerts that would get nowhere. */
function lostAlerts({ wardroom }: Files): ConfigProblem[] {
  if (!wardroom) return [];
  const { source, value } = wardroom;
  const { routes } = value.alerts;
  const last = routes.findIndex(
    (route) => !route.continue && !route.shadow && matcherTexts(route.match).every(isEverything),
  );
  const behind = last < 0 ? undefined : routes[last + 1];
  if (behind) {
    const message = `no alert gets to \`${behind.id}\`, because \`${routes[last]?.id}\` takes every one`;
    const remedy = "Put what takes every alert last, or give it `continue: true`.";
    return [problemAt(source, ["alerts", "routes", last + 1], { message, remedy, severity: "warning" })];
  }
  if (routes.length === 0 || last >= 0 || value.channels.some(({ operator }) => operator)) return [];
  const message = "an alert that no route takes would be told nowhere";
  const remedy = "Mark a channel `operator: true`, or end with a route without `match`.";
  return [problemAt(source, ["alerts", "routes"], { message, remedy, at: "key" })];
}

function isEverything(text: string): boolean {
  const read = readOrRefuse(text);
  return !(read instanceof UserError) && read.matchers.length === 0;
}

function readOrRefuse(text: string): MatchersRead | UserError {
  try {
    return readMatchers(text);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

function clause(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, "")}`;
}
