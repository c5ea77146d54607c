import { alertWith } from "../../domain/alerts/labelled-alert.ts";
import { momentIn } from "../../domain/alerts/quiet-time.ts";
import { routeAlert } from "../../domain/alerts/route-alert.ts";
import { type RouteTest, type Routing, routingOf } from "../../domain/alerts/routing.ts";
import { inhibitedWords, verdictWords } from "../../domain/alerts/verdict-words.ts";
import type { ConfigProblem } from "../problem.ts";
import { problemAt } from "../source.ts";
import type { Files } from "./files.ts";

/** The routes' own tests that fail, each with where its alert goes and why. */
export function failedRouteTests({ wardroom, systems }: Files): ConfigProblem[] {
  if (!wardroom) return [];
  const { source, value } = wardroom;
  const routing = routingOf(
    value.alerts,
    // Whom a system calls is checked by itself, and no route asks for it.
    systems.map((system) => ({ ...system.value, escalation: undefined })),
    value.oncall,
  );
  const operators = value.channels.filter(({ operator }) => operator).map(({ id }) => id);
  return value.alerts.tests.flatMap((test, index) => {
    const { goes, because } = outcomeOf(routing, test, operators);
    if (goes.toSorted().join() === [...new Set(test.channels)].toSorted().join()) return [];
    const message = `this alert goes to ${listed(goes)}, not to ${listed(test.channels)}: ${because}`;
    const remedy = "Correct the routes, or what is expected of them here.";
    return [problemAt(source, ["alerts", "tests", index, "channels"], { message, remedy })];
  });
}

function outcomeOf(routing: Routing, { labels, at, firing }: RouteTest, operators: readonly string[]) {
  const asked = at === undefined ? withoutQuiet(routing) : routing;
  const decision = routeAlert(asked, alertWith(labels), at === undefined ? 0 : momentIn(at), firing.map(alertWith));
  const took = decision.verdicts
    .filter(({ outcome, shadow }) => !shadow && (outcome === "told" || outcome === "muted"))
    .map((verdict) => `${verdict.route} ${verdictWords(verdict)}`);
  const because = inhibitedWords(decision) ?? (took.length > 0 ? took.join("; ") : "no route takes it");
  return { goes: decision.toOperators ? operators : decision.channels, because };
}

/** Where no time is given, none is quiet. */
function withoutQuiet(routing: Routing): Routing {
  return { ...routing, windows: [], routes: routing.routes.map((route) => ({ ...route, mute: [] })) };
}

function listed(channels: readonly string[]): string {
  return channels.length === 0 ? "no channel" : channels.join(", ");
}
