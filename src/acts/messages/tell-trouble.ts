import { z } from "zod";
import { nobody } from "../../domain/journal.ts";
import type { Card } from "../../domain/messages/card.ts";
import type { Place } from "../../domain/messages/place.ts";
import type { Trouble } from "../../domain/messages/trouble.ts";
import { SurfaceId } from "../../domain/people/surface.ts";
import type { Owed, Store } from "../../domain/store.ts";
import { sha256 } from "../../records/ids.ts";
import { noticeQueue } from "../../records/notice.ts";
import { transact } from "../transact.ts";

const Raised = z.object({
  since: z.number(),
  what: z.string(),
  remedy: z.string(),
  surface: SurfaceId,
  /** What people call the surface; its id stands in where a release before this one did not keep it. */
  surfaceName: z.string().exactOptional(),
  places: z.array(z.custom<Place>()),
});

/** A trouble with what people call its surface. */
interface NamedTrouble extends Trouble {
  readonly surfaceName: string;
}

/**
 * Puts a trouble on record and owes it to the operators' channels, once for all replicas while it lasts. Answers whether
 * it is new. The same trouble in other words is told anew.
 */
export async function raiseTrouble(store: Store, trouble: NamedTrouble, places: readonly Place[]): Promise<boolean> {
  const outcome = await transact(store, async (now) => {
    const [document] = await store.read([troubleKey(trouble.id)]);
    const known = document && Raised.parse(document.value);
    if (known?.what === trouble.what && known.remedy === trouble.remedy) return { result: false };
    const since = known?.since ?? now;
    const { what, remedy, surface, surfaceName } = trouble;
    return {
      result: true,
      commit: {
        expect: { [troubleKey(trouble.id)]: document?.revision ?? null },
        put: [{ key: troubleKey(trouble.id), value: { since, what, remedy, surface, surfaceName, places } }],
        journal: [{ kind: "trouble.raised", at: now, who: nobody, trouble: trouble.id, what }],
        notices: places.map((place) => owed({ id: trouble.id, since, place, now, card: raisedCard(trouble) })),
      },
    };
  });
  return !outcome.repeated && outcome.result;
}

/** Takes a trouble off the record and brings its messages up to date. Nothing when it was not raised. */
export async function clearTrouble(store: Store, id: string): Promise<boolean> {
  const outcome = await transact(store, async (now) => {
    const [document] = await store.read([troubleKey(id)]);
    if (!document) return { result: false };
    const { since, what, surface, surfaceName = surface, places } = Raised.parse(document.value);
    const card = overCard({ what, surfaceName });
    return {
      result: true,
      commit: {
        expect: { [troubleKey(id)]: document.revision },
        remove: [troubleKey(id)],
        journal: [{ kind: "trouble.over", at: now, who: nobody, trouble: id }],
        notices: places.map((place) => owed({ id, since, place, now, card })),
      },
    };
  });
  return !outcome.repeated && outcome.result;
}

function owed(told: { id: string; since: number; place: Place; now: number; card: Card }): Owed {
  const { id, since, place, now, card } = told;
  return {
    queue: noticeQueue(place.surface),
    id: `trouble:${sha256(`${id} ${since} ${place.surface} ${place.channel}`).slice(0, 32)}`,
    due: now,
    body: { kind: "answer", place, card },
  };
}

function raisedCard({ surfaceName, what, remedy }: NamedTrouble): Card {
  return {
    tone: "bad",
    title: `Wardroom has trouble with ${surfaceName}`,
    summary: what,
    blocks: [{ kind: "text", text: `Do this: ${remedy}` }],
    footer: "Told once; this message says when it is over.",
  };
}

function overCard({ what, surfaceName }: Pick<NamedTrouble, "what" | "surfaceName">): Card {
  return {
    tone: "good",
    title: `Wardroom's trouble with ${surfaceName} is over`,
    summary: `It was: ${what}`,
    blocks: [],
  };
}

function troubleKey(id: string): string {
  return `trouble/${id}`;
}
