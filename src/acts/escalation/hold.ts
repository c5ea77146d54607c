import { type DueLevel, type Escalation, putOnHold, resumed } from "../../domain/escalation/escalation.ts";
import type { Commit, Store } from "../../domain/store.ts";
import {
  type EscalationNext,
  escalationKey,
  putEscalation,
  type ReadEscalation,
  readEscalations,
} from "../../records/escalation.ts";
import { owedPages } from "../../records/page.ts";

type Parts = Required<Pick<Commit, "expect" | "put" | "notices">>;

/** The part of a commit in which somebody takes alerts: nobody is called for them from then on. */
export async function holdEscalations(
  store: Store,
  codes: readonly string[],
  { now, name }: { readonly now: number; readonly name: string },
): Promise<Parts> {
  return change(store, codes, now, ({ escalation }) => ({
    after: putOnHold(escalation, { why: "acknowledged", name, at: now }),
    next: undefined,
  }));
}

/** The part of a commit in which nobody has an alert any more: what is due next is looked up at once. */
export async function releaseEscalation(store: Store, code: string, now: number): Promise<Parts> {
  return change(store, [code], now, ({ escalation }) => ({ after: resumed(escalation, now), next: { at: now } }));
}

async function change(
  store: Store,
  codes: readonly string[],
  now: number,
  to: (read: ReadEscalation) => { readonly after: Escalation; readonly next: EscalationNext | undefined },
): Promise<Parts> {
  const read = [...(await readEscalations(store, codes)).values()].filter(
    ({ escalation }) => escalation.endedAt === undefined,
  );
  return {
    expect: Object.fromEntries(read.map(({ escalation, revision }) => [escalationKey(escalation.code), revision])),
    put: read.map((each) => {
      const { after, next } = to(each);
      return putEscalation(after, next);
    }),
    notices: await owedPages(
      store,
      read.flatMap(({ escalation }) => pagesIn(escalation)),
      now,
    ),
  };
}

/** What is due next, as it is kept. */
export function nextOf(due: DueLevel | undefined): EscalationNext | undefined {
  return due && { at: due.at, level: due.level.number };
}

/** Ids of the pages that were told of it. */
export function pagesIn({ rungs }: Escalation): readonly string[] {
  return rungs.flatMap(({ page }) => page ?? []);
}
