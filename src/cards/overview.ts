import { concernedSystem, type Request, type Sealed } from "../domain/approvals/request.ts";
import { type Card, mostButtons } from "../domain/messages/card.ts";
import { healthTone, worstTone } from "../domain/systems/health.ts";
import {
  activeIn,
  alertTone,
  type SystemStanding,
  type SystemState,
  soonIn,
  standingOf,
} from "../domain/systems/system-state.ts";
import { isUnread } from "../domain/systems/unread.ts";
import { clock } from "../domain/text/moment.ts";
import { ago, counted } from "../domain/text/quantities.ts";
import { metricValue } from "./metric-words.ts";
import {
  emptiedWords,
  firingWords,
  openOutcomes,
  outcomesTitle,
  outcomeTone,
  outcomeWords,
  pastLimit,
  unknownWords,
  worstWords,
} from "./state-words.ts";

interface Overview {
  readonly states: readonly SystemState[];
  /** Requests that are open, of whatever may be seen. */
  readonly requests: readonly { readonly request: Request; readonly sealed: Sealed }[];
}

/** Every system in a line: how it is, what to look at, what fires. What has ended, nobody knows how, stands above all of it. */
export function overviewCard({ states, requests }: Overview, now: number): Card {
  const open = openOutcomes(requests);
  const rated = states.map((state) => ({ state, standing: standingOf(state) }));
  const wrong = rated.filter(({ standing }) => !standing.isClear);
  const sentences = wrong.map(({ state, standing }) => sentence(state, standing, now));
  return {
    tone: worstTone([...rated.map(({ standing }) => standing.tone), ...open.map(outcomeTone)]),
    title: titleOf(rated, outcomesTitle(open)),
    summary:
      wrong.length === 0
        ? `${states.length} ${states.length === 1 ? "system" : "systems"} asked just now. ${firingWords(states)}.`
        : sentences.join(" "),
    blocks: [
      {
        kind: "table",
        // A phone cuts what comes last, and the longest words stand there.
        columns: [{ title: "System" }, { title: "Is" }, { title: "Alerts" }, { title: "Look at" }],
        rows: rated.map(({ state, standing: { health } }) => [
          state.system.id,
          { text: health, tone: healthTone(health) },
          { text: alertWords(state), tone: alertTone(state) },
          lookAt(state, open, now),
        ]),
      },
    ],
    actions: [
      ...open.slice(0, mostShown).map(({ request: { id, code } }) => ({
        label: `Show ${code}`,
        command: "confirm show",
        args: { request: id },
      })),
      ...states.map(({ system }) => ({ label: system.title, command: "status", args: { system: system.id } })),
    ].slice(0, mostButtons),
    footer: `Asked at ${clock(now, now)}.`,
  };
}

/** Buttons of what has an open outcome: the systems have theirs beside. */
const mostShown = 2;

function lookAt(state: SystemState, open: Overview["requests"], now: number): string {
  const own = open.filter(({ sealed }) => concernedSystem(sealed) === state.system.id);
  return [...own.map(outcomeWords), worstWords(state, now)].filter((words) => words !== "").join("; ");
}

interface Rated {
  readonly state: SystemState;
  readonly standing: SystemStanding;
}

/** What has an open outcome leads, then what is worst: a phone shows the beginning alone, and nobody may read that all is well. */
function titleOf(rated: readonly Rated[], outcomes: string | undefined): string {
  const rest = standingTitle(rated.map(({ standing }) => standing));
  const parts = [outcomes, outcomes === undefined ? worstTitle(rated) : undefined, rest];
  return parts.filter((part) => part !== undefined).join("; ") || "Everything is up";
}

/** The worst of what is wrong, with its system: `AlphaPulse: 3 critical alerts`. Undefined where nothing is known to be. */
function worstTitle(rated: readonly Rated[]): string | undefined {
  const found = rated.filter(({ standing }) => standing.isWrong).map(worstOf);
  return found.toSorted((one, other) => one.rank - other.rank)[0]?.words;
}

/** The longest that still leaves room for the rest of a title. */
const mostLead = 60;

function worstOf({ state, standing }: Rated): { readonly rank: number; readonly words: string } {
  const { title } = state.system;
  const alerts = activeIn(state);
  const critical = alerts.filter(({ severity }) => severity === "critical").length;
  if (standing.health === "down") return { rank: 0, words: `${title} is down` };
  if (critical > 0) return { rank: 1, words: `${title}: ${counted(critical, "critical alert")}` };
  const [past] = pastLimit(state).toSorted((one, other) => Number(other.tone === "bad") - Number(one.tone === "bad"));
  const limit = past && `${title}: ${past.metric.title} is ${metricValue(past.metric, past.read)}`;
  if (limit !== undefined && limit.length <= mostLead) return { rank: past?.tone === "bad" ? 2 : 4, words: limit };
  if (standing.health === "degraded") return { rank: 3, words: `${title} is degraded` };
  if (alerts.length > 0) return { rank: 4, words: `${title}: ${counted(alerts.length, "alert")}` };
  return { rank: 5, words: `${title} needs a look` };
}

/** What is wrong needs a look. What is only not known, as right after a start, is told as that. Undefined: all is well. */
function standingTitle(standings: readonly SystemStanding[]): string | undefined {
  const open = standings.filter(({ isClear }) => !isClear);
  const wrong = open.filter(({ isWrong }) => isWrong).length;
  const unread = open.length - wrong;
  if (open.length === 0) return undefined;
  if (wrong === 0) return `${unread} of ${standings.length} not fully read`;
  return `${wrong} of ${standings.length} need a look${unread === 0 ? "" : `, ${unread} not fully read`}`;
}

/** What left it so comes first, and of one that is not known what could not be read. Since when is known only from its alerts. */
function sentence(state: SystemState, { health, isWrong }: SystemStanding, now: number): string {
  const since = activeIn(state).flatMap((alert) => (alert.since === undefined ? [] : [alert.since]));
  const oldest = since.length === 0 ? "" : `, alerting since ${ago(Math.min(...since), now)}`;
  const also = isWrong ? ", and needs a look" : ", and not all of it could be read";
  const cause = emptiedWords(state, now);
  const unread = unknownWords(state);
  const stands = `${state.system.title} is ${health}${health === "up" ? also : ""}${oldest}`;
  return `${cause === "" ? "" : `${cause}: `}${stands}${unread === "" ? "" : `: ${unread}`}.`;
}

/** A source that failed is said so: it is never "no alerts". */
function alertWords(state: SystemState): string {
  const { alerts } = state;
  const failed = alerts.filter(isUnread).length;
  if (alerts.length === 0) return "not watched";
  const count = activeIn(state).length;
  const soon = soonIn(state).length;
  const firing = soon === 0 ? String(count) : `${count}, ${soon} not yet`;
  return failed === 0 ? firing : `${firing}, ${failed} of ${alerts.length} unread`;
}
