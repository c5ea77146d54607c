import { limitsOf } from "../../domain/alerts/alert-rule.ts";
import type { DigestLine } from "../../domain/digests/section.ts";
import { componentHealth, toneOfReading } from "../../domain/systems/health.ts";
import { type SystemState, standingOf } from "../../domain/systems/system-state.ts";
import { unreadOf } from "../../domain/systems/unread.ts";
import { amount, counted } from "../../domain/text/quantities.ts";
import { systemStates } from "../system-state.ts";
import { type DigestSection, lineOf } from "./asked-section.ts";
import { wrongFact } from "./facts.ts";

/** Which systems are well, and what keeps the others from it. */
export const statusSection: DigestSection = {
  title: "Status",
  async find(asked, ports) {
    const states = await systemStates(ports, asked.systems);
    const standings = states.map((state) => ({ state, ...standingOf(state) }));
    const up = standings.filter(({ health }) => health === "up").length;
    const lines = standings.map(({ state, tone, health }): DigestLine => {
      const wrong = wrongIn(state);
      const text = `${state.system.title} is ${health}${wrong.length === 0 ? "" : `: ${wrong.join("; ")}`}`;
      return { text, tone };
    });
    const unread = states.flatMap(unreadOf).length;
    const notUp = standings.filter(({ health }) => health !== "up");
    return {
      source: "health checks, facts and metrics, asked live",
      asOf: Math.max(asked.to, ...states.flatMap(({ components }) => components.map(({ reading }) => reading.at))),
      isPartial: unread > 0,
      words:
        asked.systems.length === 1
          ? (lines[0]?.text ?? "no system")
          : `${up} of ${counted(states.length, "system")} up${notUp.map(({ state, health }) => `, ${state.system.title} ${health}`).join("")}`,
      figures: [{ id: "up", title: "systems up", value: up, unit: "" }],
      attention: standings.flatMap(({ health, state }, at) => {
        const line = lines[at];
        const wrong = state.facts.filter(({ reading, severity }) => reading.ok && severity !== undefined);
        return [...(health === "up" || !line ? [] : [line]), ...wrong.map((fact) => wrongFact(state.system, fact))];
      }),
      lines: [
        ...(asked.systems.length === 1 ? lines.slice(1) : lines),
        ...standings.flatMap(({ state }) => partsOf(state).map((line) => lineOf(asked, state.system, line))),
      ],
    };
  },
};

const mostNamed = 4;

function wrongIn(state: SystemState): readonly string[] {
  const { system, components, facts, metrics } = state;
  const down = components.flatMap((each) => {
    const is = componentHealth(each);
    return is === "up" || is === "unknown" ? [] : [`${each.title} is ${is}`];
  });
  const unknown = Map.groupBy(
    components.filter((each) => componentHealth(each) === "unknown"),
    ({ reading }) => (reading.ok ? reading.value.detail : reading.detail),
  );
  // What one cause keeps from being known is said once, with the cause: that is what somebody can mend.
  const unseen = [...unknown].map(([why, each]) => {
    const [first, ...others] = each.map(({ title }) => title);
    return `${first ?? "a part"}${others.length === 0 ? "" : ` and ${others.length} more`} unknown, ${why}`;
  });
  const otherwise = facts.flatMap(({ title, reading, severity, expected }) =>
    reading.ok && severity !== undefined
      ? [`${title} is ${String(reading.value)}${expected === undefined ? "" : `, not ${expected}`}`]
      : [],
  );
  const past = system.metrics.flatMap((metric) => {
    const read = metrics.find(({ id }) => id === metric.id);
    const tone = toneOfReading(limitsOf(metric, system.rules), read);
    const isPast = tone === "bad" || tone === "warning";
    return isPast && read?.reading.ok ? [`${metric.title} ${amount(read.reading.value, metric.unit)}`] : [];
  });
  const unread = unreadOf(state).length;
  const all = [
    ...down,
    ...unseen,
    ...past,
    ...otherwise,
    ...(unread > 0 ? [`${counted(unread, "reading")} unavailable`] : []),
  ];
  return all.length <= mostNamed ? all : [...all.slice(0, mostNamed), `and ${all.length - mostNamed} more`];
}

/** What could not be read, each with why. */
function partsOf(state: SystemState): readonly DigestLine[] {
  return state.components.flatMap((each) => {
    const is = componentHealth(each);
    if (is === "up") return [];
    const why = each.reading.ok ? each.reading.value.detail : each.reading.detail;
    return [{ text: `${each.title}: ${is}, ${why}`, tone: is === "down" ? ("bad" as const) : ("unknown" as const) }];
  });
}
