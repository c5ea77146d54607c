import { afterStep, type Escalation, type EscalationStep, nextDue } from "../../domain/escalation/escalation.ts";
import type { MatrixClass, MatrixLevel } from "../../domain/escalation/matrix.ts";
import { type AlertPage, joinMs, mostPaged } from "../../domain/escalation/page.ts";
import { type ReachRules, reachOf } from "../../domain/escalation/reach.ts";
import { nobody } from "../../domain/journal.ts";
import type { Place } from "../../domain/messages/place.ts";
import type { Commit, Owed, Store } from "../../domain/store.ts";
import { groupKey, parseGroup } from "../../records/alert-group.ts";
import { putEscalation } from "../../records/escalation.ts";
import { newId } from "../../records/ids.ts";
import { ifLegible } from "../../records/legible.ts";
import { owedAlerts } from "../../records/notice.ts";
import { lastPage, owedPage, owedPages, pageHookQueue, pageKey, putPage } from "../../records/page.ts";
import { nextOf, pagesIn } from "./hold.ts";

/** An alert that a level is to be told of. */
export interface DueAlert {
  readonly escalation: Escalation;
  readonly step: EscalationStep;
  readonly plan: MatrixClass;
}

type Parts = Required<Pick<Commit, "expect" | "put" | "notices" | "timers" | "journal">>;

/** The part of a commit that tells each level that is due of all its alerts at once. */
export async function pageTogether(store: Store, due: readonly DueAlert[], rules: ReachRules): Promise<Parts> {
  const byLevel = Map.groupBy(due, ({ plan, step }) => `${plan.id}/${step.level.number}`);
  const parts: Parts[] = [];
  for (const alerts of byLevel.values()) {
    const [first] = alerts;
    if (first) parts.push(await pageLevel(store, alerts, { rules, plan: first.plan, level: first.step.level }));
  }
  return {
    expect: Object.assign({}, ...parts.map(({ expect }) => expect)),
    put: parts.flatMap(({ put }) => put),
    // A message of several levels is owed once.
    notices: [
      ...new Map(parts.flatMap(({ notices }) => notices).map((each) => [`${each.queue} ${each.id}`, each])).values(),
    ],
    timers: parts.flatMap(({ timers }) => timers),
    journal: parts.flatMap(({ journal }) => journal),
  };
}

async function pageLevel(
  store: Store,
  alerts: readonly DueAlert[],
  { rules, plan, level }: { readonly rules: ReachRules; readonly plan: MatrixClass; readonly level: MatrixLevel },
): Promise<Parts> {
  const { now, system } = rules;
  const told = await toldIn(store, alerts);
  const named = { system, class: plan.id, level: level.number };
  const last = await lastPage(store, named);
  const joined = last && now - last.page.at < joinMs ? last : undefined;
  const reach = reachOf(level, told.places, rules);
  const fresh: AlertPage = { id: newId().slice(0, 12), ...named, at: now, alerts: [], count: 0, missed: [], ...reach };
  const page = withAlerts(joined?.page ?? fresh, alerts);
  const after = alerts.map(({ escalation, step }) => afterStep(escalation, step, { now, page: page.id }));
  const before = alerts.flatMap(({ escalation }) => pagesIn(escalation)).filter((id) => id !== page.id);
  return {
    expect: { [pageKey(page.id)]: joined?.revision ?? null },
    put: [putPage(page), ...after.map((each) => putEscalation(each, nextOf(nextDue(each, plan))))],
    notices: [...(await owedPages(store, before, now)), ...told.notices(now), ...owedPage(page, now)],
    timers: joined ? [] : page.hooks.map(({ contact, index }) => owedHook({ page: page.id, contact, index }, now)),
    journal: [
      {
        kind: "alert.paged",
        at: now,
        who: nobody,
        page: page.id,
        ...named,
        alerts: alerts.slice(0, mostPaged).map(({ escalation }) => escalation.code),
        called: page.contacts.flatMap(({ title, names }) => (names.length > 0 ? names : [title])),
        missed: [...page.missed],
      },
    ],
  };
}

function owedHook(
  body: { readonly page: string; readonly contact: string; readonly index: number },
  due: number,
): Owed {
  return { queue: pageHookQueue, id: `${body.page}.${body.contact}.${body.index}`, due, body };
}

/** The page with these alerts as well. */
function withAlerts(page: AlertPage, alerts: readonly DueAlert[]): AlertPage {
  const known = new Set(page.alerts.map(({ code }) => code));
  const more = alerts.map(({ escalation: { code, summary, since } }) => ({ code, summary, since }));
  const fresh = more.filter(({ code }) => !known.has(code));
  const missed = alerts.flatMap(({ step }) => step.missed.map(({ number }) => number));
  return {
    ...page,
    alerts: [...page.alerts, ...fresh].slice(0, mostPaged),
    count: page.count + fresh.length,
    missed: [...new Set([...page.missed, ...missed])].toSorted((one, other) => one - other),
  };
}

/** The channels that the alerts are told in, and their messages there, which say what was paged. */
async function toldIn(
  store: Store,
  alerts: readonly DueAlert[],
): Promise<{ readonly places: readonly Place[]; readonly notices: (now: number) => readonly Owed[] }> {
  const ids = [...new Set(alerts.flatMap(({ escalation }) => escalation.groups))];
  const documents = await store.read(ids.map(groupKey));
  const groups = documents.flatMap((document) => {
    const read = document && ifLegible(() => parseGroup(document));
    return read ? [read.group] : [];
  });
  const places = new Map(groups.map(({ place }) => [`${place.surface} ${place.channel}`, place]));
  return {
    places: [...places.values()],
    notices: (now) =>
      groups
        .filter(({ folded, firing }) => folded === undefined && firing > 0)
        .map((group) => owedAlerts("alerts", group, now)),
  };
}
