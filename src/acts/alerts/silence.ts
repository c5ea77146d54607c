import type { Silence } from "../../domain/alerts/silence.ts";
import type { DoneBy } from "../../domain/commands/command.ts";
import type { Store } from "../../domain/store.ts";
import { newId } from "../../records/ids.ts";
import { parseSilenceAnswer, putSilence, readSilence, silenceKey } from "../../records/silence.ts";
import { transact } from "../transact.ts";
import { alterTold } from "./alter-told.ts";

/** What somebody wants silenced, and for how long, in ms. */
export type SilenceAsked = Pick<Silence, "match" | "matchers" | "comment" | "codes" | "there"> & {
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
        once: { key: `silence:${invocation}`, answer: put.value },
        expect: { ...told.expect, [silenceKey(id)]: null },
        put: [...told.put, put],
        notices: told.notices,
        journal: [{ kind: "alert.silenced", at: now, who: by, silence: id, match, until, comment }],
      },
    };
  });
  return outcome.repeated ? parseSilenceAnswer(outcome.answer) : outcome.result;
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
    const { silence, revision } = standing;
    const { match, comment, codes } = silence;
    const told = await alterTold(store, codes, {
      now,
      what: "unsilenced",
      with: (member) => ({ ...member, silencedUntil: undefined }),
    });
    const put = putSilence({ ...silence, until: now }, now);
    return {
      result: { ...silence, until: now },
      commit: {
        once: { key: `unsilence:${invocation}`, answer: put.value },
        expect: { ...told.expect, [silenceKey(id)]: revision },
        put: [...told.put, put],
        notices: told.notices,
        journal: [{ kind: "alert.unsilenced", at: now, who: by, silence: id, match, until: now, comment }],
      },
    };
  });
  return outcome.repeated ? parseSilenceAnswer(outcome.answer) : outcome.result;
}
