import { thereAfterLook } from "../../domain/alerts/lost-silence.ts";
import type { SenderLook } from "../../domain/alerts/reconcile.ts";
import { earlierEnd, type Silence } from "../../domain/alerts/silence.ts";
import type { DoneBy } from "../../domain/commands/command.ts";
import { nobody, type Who } from "../../domain/journal.ts";
import type { Commit, Store } from "../../domain/store.ts";
import { newId } from "../../records/ids.ts";
import {
  parseSilenceAnswer,
  putSilence,
  type ReadSilence,
  readSilence,
  silenceKey,
  silencesAt,
} from "../../records/silence.ts";
import { transact } from "../transact.ts";
import { alterTold } from "./alter-told.ts";

/** What somebody wants silenced, and for how long, in ms. */
export type SilenceAsked = Pick<Silence, "match" | "matchers" | "comment" | "codes" | "there" | "worst"> & {
  readonly ms: number;
};

/** Keeps alerts from people for a time, and says so on the messages that they are on. Once for each delivery. */
export async function silenceAlerts(
  store: Store,
  { ms, ...asked }: SilenceAsked,
  { invocation, ...by }: DoneBy,
): Promise<Silence> {
  const outcome = await transact(store, async (now) => {
    const silence: Silence = {
      id: newId().slice(0, 8),
      ...asked,
      from: now,
      until: now + ms,
      by: { person: by.person, name: by.name },
    };
    const { id, match, until, comment, codes } = silence;
    const told = await alterTold(store, codes, {
      now,
      what: "silenced",
      with: (member) => ({ ...member, silencedUntil: until }),
    });
    const put = putSilence(silence, now);
    return {
      result: silence,
      commit: {
        once: { key: silenceOnce(invocation), answer: put.value },
        expect: { ...told.expect, [silenceKey(id)]: null },
        put: [...told.put, put],
        notices: told.notices,
        journal: [{ kind: "alert.silenced", at: now, who: by, silence: id, match, until, comment }],
      },
    };
  });
  return outcome.repeated ? parseSilenceAnswer(outcome.answer) : outcome.result;
}

/** Under what a silence is made once. */
export function silenceOnce(invocation: string): string {
  return `silence:${invocation}`;
}

/** Ends a silence at once: what it held back is told within seconds. Undefined when there is none that holds. */
export async function endSilence(
  store: Store,
  id: string,
  { invocation, ...by }: DoneBy,
): Promise<Silence | undefined> {
  const outcome = await transact(store, async (now) => {
    const standing = await readSilence(store, id);
    if (!standing || standing.silence.until <= now) return { result: undefined };
    const { result, commit } = await shortened(store, standing, { now, until: now, who: by });
    return {
      result,
      commit: { once: { key: `unsilence:${invocation}`, answer: putSilence(result, now).value }, ...commit },
    };
  });
  return outcome.repeated ? parseSilenceAnswer(outcome.answer) : outcome.result;
}

/**
 * Silences of the bot that somebody ended in an Alertmanager, or made shorter there, end here then too: what it no longer holds back
 * nobody else does either. Told of looks at senders.
 */
export async function followEnds(store: Store, looks: readonly Pick<SenderLook, "peers">[]): Promise<void> {
  const states = looks.flatMap(({ peers }) => peers.flatMap((reading) => (reading.ok ? [reading.value] : [])));
  const read = states.flatMap(({ silences, ended }) => [...silences, ...ended]);
  // By whatever clock it ended there.
  const over = new Set(states.flatMap(({ ended }) => ended.map(({ id }) => id)));
  const { found } = await silencesAt(store, await store.now());
  for (const { silence } of found)
    if (earlierEnd(silence, read) !== undefined)
      await transact(store, async (now) => {
        const standing = await readSilence(store, silence.id);
        const until = standing && earlierEnd(standing.silence, read);
        if (!standing || until === undefined || standing.silence.until <= now) return { result: undefined };
        const isOver = standing.silence.there?.some(({ id }) => id !== undefined && over.has(id));
        return shortened(store, standing, { now, until: isOver ? now : Math.max(now, until), who: nobody });
      });
}

/** Silences of the bot that an Alertmanager lost with what it kept are owed there again. Told of looks at senders. */
export async function followLosses(store: Store, looks: readonly SenderLook[]): Promise<void> {
  const { found } = await silencesAt(store, await store.now());
  for (const look of looks)
    for (const { silence } of found)
      if (thereAfterLook(silence, look))
        await transact(store, async (now) => {
          const standing = await readSilence(store, silence.id);
          const after = standing && standing.silence.until > now && thereAfterLook(standing.silence, look);
          if (!after) return { result: undefined };
          const there = standing.silence.there?.map((each) => (each.sender === after.sender ? after : each)) ?? [];
          const put = [putSilence({ ...standing.silence, there }, now)];
          return { result: undefined, commit: { expect: { [silenceKey(silence.id)]: standing.revision }, put } };
        });
}

/** The silence with an earlier end, and what is written of it. */
async function shortened(
  store: Store,
  { silence, revision }: ReadSilence,
  { now, until, who }: { readonly now: number; readonly until: number; readonly who: Who },
): Promise<{ readonly result: Silence; readonly commit: Omit<Commit, "id"> }> {
  const { id, match, comment, codes } = silence;
  const isOver = until <= now;
  const result = { ...silence, until };
  const told = await alterTold(store, codes, {
    now,
    what: isOver ? "unsilenced" : "silenced",
    with: (member) => ({ ...member, silencedUntil: isOver ? undefined : until }),
  });
  return {
    result,
    commit: {
      expect: { ...told.expect, [silenceKey(id)]: revision },
      put: [...told.put, putSilence(result, now)],
      notices: told.notices,
      journal: [{ kind: "alert.unsilenced", at: now, who, silence: id, match, until, comment }],
    },
  };
}
