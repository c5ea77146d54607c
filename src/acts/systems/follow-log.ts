import { type Invocation } from "../../domain/commands/command.ts";
import { UserError } from "../../domain/failure.ts";
import type { Place } from "../../domain/messages/place.ts";
import { accountOf } from "../../domain/people/person.ts";
import type { Commit, Owed, Store } from "../../domain/store.ts";
import { type Follow, followEveryMs, linesKept, readsFrom } from "../../domain/systems/follow.ts";
import type { LogLine } from "../../domain/systems/logs.ts";
import {
  followKey,
  followQueue,
  putFollow,
  type ReadFollow,
  readFollow,
  runningFollows,
} from "../../records/follow.ts";
import { newId } from "../../records/ids.ts";
import { owedNotice } from "../../records/notice.ts";
import { transact } from "../transact.ts";
import { roundLines } from "./round-lines.ts";

/** Followed at the same time: each asks its source every few seconds. */
const mostAtOnce = 20;
/** In one channel: more edits than this a platform does not take in time. */
const mostInPlace = 3;

/** What is followed, with the newest lines that were there when it was asked for, newest first. */
export interface FollowAsked extends Pick<Follow, "system" | "title" | "query" | "mostLines"> {
  readonly forMs: number;
  readonly lines: readonly LogLine[];
}

/**
 * Begins to follow a log. Whoever follows something in the same place already follows this instead. The same delivery begins one.
 * Throws UserError where as many are followed as may be.
 */
export async function followLog(store: Store, asked: FollowAsked, invocation: Invocation): Promise<Follow> {
  const outcome = await transact(store, async (now) => {
    const running = (await runningFollows(store)).found;
    const own = running.filter(({ follow }) => isSamePlace(follow.place, invocation.place) && isOf(follow, invocation));
    refuseTooMany(running.length - own.length, othersIn(running, invocation) - own.length);
    const follow = begun(asked, invocation, now);
    const ends = own.map((each) => endOf(each, { at: now, why: "replaced", by: invocation.person.name }));
    return {
      result: follow,
      commit: {
        once: { key: `follow:${invocation.id}`, answer: follow.id },
        expect: { [followKey(follow.id)]: null, ...merged(ends.map(({ expect }) => expect)) },
        put: [putFollow(follow), ...ends.flatMap(({ put }) => put)],
        cancel: ends.flatMap(({ cancel }) => cancel),
        notices: ends.flatMap(({ notices }) => notices),
        timers: [{ queue: followQueue, id: follow.id, due: now + followEveryMs, body: {} }],
      },
    };
  });
  if (!outcome.repeated) return outcome.result;
  const again = typeof outcome.answer === "string" ? await readFollow(store, outcome.answer) : undefined;
  if (!again) throw new Error("a follow that was begun is not in the store");
  return again.follow;
}

/** Ends one that goes on; one that has ended stays as it is. Undefined where there is none. */
export async function endFollow(
  store: Store,
  id: string,
  end: Pick<NonNullable<Follow["ended"]>, "why" | "by" | "detail">,
): Promise<Follow | undefined> {
  const outcome = await transact<Follow | undefined>(store, async (now) => {
    const read = await readFollow(store, id);
    if (!read || read.follow.ended) return { result: read?.follow };
    const { follow, ...commit } = endOf(read, { at: now, ...end });
    return { result: follow, commit };
  });
  return outcome.repeated ? undefined : outcome.result;
}

/** The part of a commit that ends one. */
function endOf(
  { follow, revision }: ReadFollow,
  ended: NonNullable<Follow["ended"]>,
): Required<Pick<Commit, "expect" | "put" | "cancel" | "notices">> & { readonly follow: Follow } {
  const over: Follow = { ...follow, ended, seen: [] };
  return {
    follow: over,
    expect: { [followKey(follow.id)]: revision },
    put: [putFollow(over)],
    cancel: [{ queue: followQueue, id: follow.id }],
    notices: followNotices(over, ended.at),
  };
}

/** Owes the message what it should say now, where there is one that stays. */
export function followNotices({ id, place }: Follow, now: number): Owed[] {
  return place.passing ? [] : [owedNotice({ subject: { kind: "follow", follow: id }, place }, now)];
}

function begun(asked: FollowAsked, { person, account, place }: Invocation, now: number): Follow {
  const { forMs, lines: found, ...rest } = asked;
  const acting = accountOf(account);
  if (!acting) throw new Error("an account that asked has no surface");
  const id = newId();
  const lines = roundLines(found, now);
  const newest = lines.at(-1)?.sortAt;
  const base = { ...rest, fedUntil: now, ...(newest !== undefined && { newest }) };
  const from = readsFrom(base);
  return {
    ...base,
    id,
    code: id.slice(0, 6).toUpperCase(),
    by: { person: person.id, name: person.name, account: acting },
    place,
    startedAt: now,
    until: now + forMs,
    shownAt: now,
    seen: lines.filter(({ sortAt }) => sortAt >= from).map(({ mark, sortAt }) => ({ mark, at: sortAt })),
    lines: lines.slice(-linesKept({ place })).map(({ sortAt: _sortAt, ...line }) => line),
    fresh: 0,
    missed: false,
    failures: 0,
  };
}

function isOf({ by }: Follow, { person }: Invocation): boolean {
  return by.person === person.id;
}

function isSamePlace(one: Place, other: Place): boolean {
  return one.surface === other.surface && one.channel === other.channel && one.thread === other.thread;
}

function othersIn(running: readonly ReadFollow[], { place }: Invocation): number {
  return running.filter(({ follow }) => isSamePlace(follow.place, place)).length;
}

function refuseTooMany(all: number, here: number): void {
  const remedy = "Wait until one has ended, or end one: follow stop <code on its card>.";
  if (here >= mostInPlace)
    throw new UserError(`${here} logs are followed here already, which is as many as may be.`, remedy);
  if (all >= mostAtOnce) throw new UserError(`${all} logs are followed already, which is as many as may be.`, remedy);
}

function merged(parts: readonly Readonly<Record<string, string | null>>[]): Record<string, string | null> {
  return Object.fromEntries(parts.flatMap((part) => Object.entries(part)));
}
