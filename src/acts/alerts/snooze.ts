import { z } from "zod";
import type { FiringAlert } from "../../domain/alerts/firing.ts";
import type { AlertGroup, GroupMember } from "../../domain/alerts/group.ts";
import type { MemberStep } from "../../domain/alerts/member.ts";
import { type Snooze, type SnoozedAlert, type SnoozeScope, snoozesAt } from "../../domain/alerts/snooze.ts";
import type { DoneBy } from "../../domain/commands/command.ts";
import { type JournalEntry, nobody, type Who } from "../../domain/journal.ts";
import type { Commit, Store } from "../../domain/store.ts";
import { putSnoozes, readSnoozes, snoozeKey, snoozesEnded } from "../../records/snooze.ts";
import { transact } from "../transact.ts";
import { alterMembers } from "./alter-told.ts";

const perLook = 100;

/** For whom an alert is snoozed. The same for whom it was snoozed before. */
function snoozeId(scope: SnoozeScope, person: string): string {
  return scope.kind === "person" ? `person:${person}` : `channel:${scope.surface}/${scope.channel}`;
}

/** Withholds notifications of an alert for so many ms from one person, or from one channel. Answers the snooze. */
export async function snoozeAlert(
  store: Store,
  { code, system, summary, severity }: Pick<FiringAlert, "code" | "system" | "summary" | "severity">,
  { ms, scope }: { readonly ms: number; readonly scope: SnoozeScope },
  { invocation, ...by }: DoneBy,
): Promise<Snooze> {
  const id = snoozeId(scope, by.person);
  const asked = { id, by: { person: by.person, name: by.name }, severity, scope };
  const outcome = await transact(store, async (now) => {
    const { snoozed, revision } = await readSnoozes(store, code);
    const until = now + ms;
    const snooze: Snooze = { ...asked, until };
    const snoozes = [...(snoozed?.snoozes ?? []).filter((each) => each.id !== id), snooze];
    const alert: SnoozedAlert = { code, system, summary, snoozes };
    const told = await alterMembers(store, [code], { now, change: (member, group) => asSnoozed(member, group, alert) });
    return {
      result: snooze,
      commit: {
        once: { key: `snooze:${invocation}:${code}`, answer: until },
        expect: { ...told.expect, [snoozeKey(code)]: revision },
        put: [...told.put, putSnoozes(alert)],
        notices: told.notices,
        journal: [{ kind: "alert.snoozed", at: now, who: by, alert: code, system, summary, scope: scope.kind, until }],
      },
    };
  });
  return outcome.repeated ? { ...asked, until: z.number().parse(outcome.answer) } : outcome.result;
}

/** Ends the snoozes of an alert that are for this person, or for one of these scopes. Answers those that it ended. */
export async function unsnoozeAlert(
  store: Store,
  code: string,
  scopes: readonly SnoozeScope[],
  { invocation, ...by }: DoneBy,
): Promise<readonly Snooze[]> {
  const ids = new Set(scopes.map((scope) => snoozeId(scope, by.person)));
  let ended: readonly Snooze[] = [];
  await transact(store, async (now) => {
    const { snoozed, revision } = await readSnoozes(store, code);
    ended = (snoozed?.snoozes ?? []).filter(({ id, until }) => ids.has(id) && until > now);
    if (!snoozed || ended.length === 0) return { result: undefined };
    const rest = { ...snoozed, snoozes: snoozed.snoozes.filter((each) => !ended.includes(each)) };
    const told = await alterMembers(store, [code], { now, change: (member, group) => asSnoozed(member, group, rest) });
    return {
      result: undefined,
      commit: {
        ...written(told, rest, revision),
        once: { key: `unsnooze:${invocation}:${code}`, answer: null },
        journal: ended.map((snooze) => endedEntry(rest, snooze, { at: now, who: by })),
      },
    };
  });
  return ended;
}

/** Ends the snoozes whose time is over, and tells of what fires on those from whom it was withheld. Answers how many alerts. */
export async function wakeSnoozes(store: Store): Promise<number> {
  const codes = await snoozesEnded(store, await store.now(), perLook);
  for (const code of codes) await wake(store, code);
  return codes.length;
}

async function wake(store: Store, code: string): Promise<void> {
  await transact(store, async (now) => {
    const { snoozed, revision } = await readSnoozes(store, code);
    const ended = (snoozed?.snoozes ?? []).filter(({ until }) => until <= now);
    if (!snoozed || ended.length === 0) return { result: undefined };
    const rest = { ...snoozed, snoozes: snoozed.snoozes.filter(({ until }) => until > now) };
    const told = await alterMembers(store, [code], {
      now,
      change: (member, group) => awake(asSnoozed(member, group, rest), { before: member, group, ended, now }),
    });
    return {
      result: undefined,
      commit: {
        ...written(told, rest, revision),
        journal: ended.map((snooze) => endedEntry(rest, snooze, { at: now, who: nobody })),
      },
    };
  });
}

/** A snooze that is over, at its time or before it. */
function endedEntry(
  { code, system, summary }: SnoozedAlert,
  { scope, until }: Snooze,
  { at, who }: { readonly at: number; readonly who: Who },
): JournalEntry {
  const ended = Math.min(at, until);
  return { kind: "alert.unsnoozed", at, who, alert: code, system, summary, scope: scope.kind, until: ended };
}

function written(
  told: Required<Pick<Commit, "expect" | "put" | "notices">>,
  rest: SnoozedAlert,
  revision: string | null,
): Pick<Commit, "expect" | "put" | "notices" | "remove"> {
  const key = snoozeKey(rest.code);
  const expect = { ...told.expect, [key]: revision };
  return rest.snoozes.length === 0
    ? { ...told, expect, remove: [key] }
    : { ...told, expect, put: [...told.put, putSnoozes(rest)] };
}

/** The alert on a message once it is snoozed like this; undefined where that changes nothing there. */
function asSnoozed(
  { snoozes: before = [], ...member }: GroupMember,
  { place }: AlertGroup,
  { snoozes }: SnoozedAlert,
): MemberStep | undefined {
  const here = snoozesAt(snoozes, place);
  if (JSON.stringify(here) === JSON.stringify(before)) return undefined;
  return { member: { ...member, ...(here.length > 0 && { snoozes: here }) } };
}

/** Whoever was to be called and was not is called now; a silence that holds keeps it from people all the same. */
function awake(
  step: MemberStep | undefined,
  of: {
    readonly before: GroupMember;
    readonly group: AlertGroup;
    readonly ended: readonly Snooze[];
    readonly now: number;
  },
): MemberStep | undefined {
  const { before, group, ended, now } = of;
  if (!step || (before.silencedUntil ?? 0) > now) return step;
  const over = (before.snoozes ?? []).filter(({ id }) => ended.some((each) => each.id === id));
  if (over.some(({ scope }) => scope.kind === "channel")) return { ...step, what: "awake" };
  const accounts = over.flatMap(({ scope }) => (scope.kind === "person" ? scope.accounts : []));
  const only = group.calls
    .map(({ account: { surface, id } }) => `${surface}:${id}`)
    .filter((account) => accounts.includes(account));
  return only.length > 0 ? { ...step, what: "awake", only } : step;
}
