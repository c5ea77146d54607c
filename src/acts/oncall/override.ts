import type { DoneBy } from "../../domain/commands/command.ts";
import type { GivenOverride } from "../../domain/oncall/given-override.ts";
import type { Store } from "../../domain/store.ts";
import { newId } from "../../records/ids.ts";
import { overrideKey, overridesFrom, parseOverrideAnswer, putOverride } from "../../records/oncall-override.ts";
import { transact } from "../transact.ts";

/** Puts somebody on call instead of whom a rotation names. Once for each delivery. */
export async function overrideRotation(
  store: Store,
  asked: Pick<GivenOverride, "rotation" | "people" | "from" | "to">,
  { invocation, ...by }: DoneBy,
): Promise<GivenOverride> {
  const outcome = await transact(store, async (now) => {
    const override: GivenOverride = {
      id: newId().slice(0, 8),
      ...asked,
      by: { person: by.person, name: by.name },
      at: now,
    };
    const put = putOverride(override);
    const { rotation, people, from, to } = override;
    return {
      result: override,
      commit: {
        once: { key: `oncall:${invocation}`, answer: put.value },
        expect: { [overrideKey(override.id)]: null },
        put: [put],
        journal: [{ kind: "oncall.overridden", at: now, who: by, rotation, people: [...people], from, to }],
      },
    };
  });
  return outcome.repeated ? parseOverrideAnswer(outcome.answer) : outcome.result;
}

/** Ends every override of a rotation that was made in chat. Answers how many there were. */
export async function endOverrides(store: Store, rotation: string, { invocation, ...by }: DoneBy): Promise<number> {
  const outcome = await transact(store, async (now) => {
    const { found } = await overridesFrom(store, now);
    const own = found.filter(({ override }) => override.rotation === rotation);
    if (own.length === 0) return { result: 0 };
    const ended = own.map(({ override }) => ({ ...override, from: Math.min(now, override.from), to: now }));
    return {
      result: own.length,
      commit: {
        once: { key: `oncall:${invocation}`, answer: own.length },
        expect: Object.fromEntries(own.map(({ override: { id }, revision }) => [overrideKey(id), revision])),
        put: ended.map(putOverride),
        journal: ended.map(({ people, from, to }) => ({
          kind: "oncall.reverted" as const,
          at: now,
          who: by,
          rotation,
          people: [...people],
          from,
          to,
        })),
      },
    };
  });
  return outcome.repeated ? Number(outcome.answer) : outcome.result;
}
