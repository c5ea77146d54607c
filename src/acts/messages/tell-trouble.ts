import { nobody } from "../../domain/journal.ts";
import type { Place } from "../../domain/messages/place.ts";
import type { Trouble } from "../../domain/messages/trouble.ts";
import type { Owed, Store } from "../../domain/store.ts";
import { ifLegible } from "../../records/legible.ts";
import { owedNotice } from "../../records/notice.ts";
import { parseTrouble, putTrouble, type TroubleRecord, troubleKey } from "../../records/trouble.ts";
import { transact } from "../transact.ts";

/** A trouble with what people call its surface. */
interface NamedTrouble extends Trouble {
  readonly surfaceName: string;
}

/**
 * Puts a trouble on record and owes it to the operators' channels, once for all replicas while it lasts. Answers whether
 * it is new. The same trouble in other words is told anew.
 */
export async function raiseTrouble(store: Store, trouble: NamedTrouble, places: readonly Place[]): Promise<boolean> {
  const { id, what, remedy, surfaceName } = trouble;
  const outcome = await transact(store, async (now) => {
    const [document] = await store.read([troubleKey(id)]);
    // What was told of it before and cannot be read keeps nobody from being told now.
    const known = document && ifLegible(() => parseTrouble(document));
    if (known?.what === what && known.remedy === remedy) return { result: false };
    const record: TroubleRecord = {
      format: 2,
      since: known?.since ?? now,
      what,
      remedy,
      surfaceName,
      places: [...places],
    };
    return {
      result: true,
      commit: {
        expect: { [troubleKey(id)]: document?.revision ?? null },
        put: [putTrouble(id, record)],
        journal: [{ kind: "trouble.raised", at: now, who: nobody, trouble: id, what }],
        notices: toldOf(id, record, now),
      },
    };
  });
  return !outcome.repeated && outcome.result;
}

/** Says that a trouble is over, and brings its messages up to date. Nothing when it was not raised. */
export async function clearTrouble(store: Store, id: string): Promise<boolean> {
  const outcome = await transact(store, async (now) => {
    const [document] = await store.read([troubleKey(id)]);
    const known = document && ifLegible(() => parseTrouble(document));
    if (!known) return { result: false };
    const record = { ...known, overAt: now };
    return {
      result: true,
      commit: {
        expect: { [troubleKey(id)]: document.revision },
        put: [putTrouble(id, record)],
        remove: [troubleKey(id)],
        journal: [{ kind: "trouble.over", at: now, who: nobody, trouble: id }],
        notices: toldOf(id, record, now),
      },
    };
  });
  return !outcome.repeated && outcome.result;
}

function toldOf(trouble: string, { since, places }: TroubleRecord, now: number): Owed[] {
  return places.map((place) => owedNotice({ subject: { kind: "trouble", trouble, since }, place }, now));
}
