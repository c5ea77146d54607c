import { alertWith } from "../../domain/alerts/labelled-alert.ts";
import { parsedJson, reportedAlert } from "../../domain/alerts/reported-alert.ts";
import { requestOfKey } from "../../domain/approvals/request.ts";
import type { DoneBy } from "../../domain/commands/command.ts";
import { UserError } from "../../domain/failure.ts";
import type { Commit, Store } from "../../domain/store.ts";
import type { OwnAct } from "../../domain/systems/own-system.ts";
import { readBatch } from "../../records/batch.ts";
import { parseQuarantined, placeNamed, putQuarantined, type Quarantined, quarantineKey } from "../../records/ledger.ts";
import { ifLegible } from "../../records/legible.ts";
import { readRequest } from "../../records/request.ts";
import { parseUnusable, unusableKey } from "../../records/unusable-post.ts";
import { committedBefore, transact } from "../transact.ts";
import { agreedBy } from "./agreed-by.ts";

/** What is done with something in quarantine, and by whom. */
type Ended = NonNullable<Quarantined["ended"]>;

/** Ends its time in quarantine with nothing taken in, once for each delivery. Throws UserError where that was ended before. */
export async function dropLetter(
  store: Store,
  letter: Pick<Quarantined, "batch" | "place">,
  { by, why }: { readonly by: DoneBy; readonly why: string },
): Promise<void> {
  const key = `drop:${by.invocation}`;
  await transact(store, async (now) => {
    if ((await committedBefore(store, key)) !== undefined) return { result: undefined };
    const commit = await letterEnding(store, letter, { as: "dropped", by, now, why });
    return { result: undefined, commit: { once: { key, answer: true }, ...commit } };
  });
}

/** What dropping a dead letter does once two people have agreed. */
export function dropLetterAct(store: Store): OwnAct {
  return {
    async run({ letter = "" }, key) {
      const asked = await readRequest(store, requestOfKey(key));
      const found = placeNamed(letter);
      if (!asked || !found) return { outcome: "refused", detail: "what was asked for is gone" };
      try {
        await dropLetter(store, found, { by: agreedBy(asked, key), why: asked.request.reason });
        return { outcome: "done", detail: "it was dropped" };
      } catch (error) {
        if (error instanceof UserError) return { outcome: "refused", detail: error.message };
        throw error;
      }
    },
    probe: async (_given, key) =>
      (await committedBefore(store, `drop:${key}`)) === undefined
        ? { outcome: "refused", detail: "it was not dropped" }
        : { outcome: "done", detail: "it was dropped" },
  };
}

/** Whether it takes two people to drop it. What cannot be read may be anything. */
export function mayBeSevere({ place, text, at }: Quarantined): boolean {
  const parsed = place === undefined ? undefined : parsedJson(text);
  if (typeof parsed !== "object" || parsed === null) return true;
  const read = reportedAlert({ ...parsed, startsAt: "2000-01-01T00:00:00Z", status: "firing" }, at);
  return "unusable" in read || read.labels["severity"] === undefined || alertWith(read.labels).severity === "critical";
}

/** The part of a commit that ends its time in quarantine. Throws UserError where that was ended before. */
export async function letterEnding(
  store: Store,
  letter: Pick<Quarantined, "batch" | "place">,
  { as, by, now, why }: { readonly as: Ended["as"]; readonly by: DoneBy; readonly now: number; readonly why?: string },
): Promise<Required<Pick<Commit, "expect" | "put" | "remove" | "journal">>> {
  const key = quarantineKey(letter);
  const [document] = await store.read([key]);
  const standing = document && parseQuarantined(document);
  if (!document || !standing) throw new UserError("It is no longer in quarantine.");
  if (standing.ended) throw new UserError(`It was ${standing.ended.as} by ${standing.ended.by} already.`);
  const { invocation: _, ...who } = by;
  const { batch, sender, system } = standing;
  const told = await toldUnread(store, standing);
  return {
    expect: { [key]: document.revision },
    put: [putQuarantined({ ...standing, ended: { as, by: by.name, at: now } })],
    remove: told,
    journal: [
      { kind: `alert.${as}`, at: now, who, batch, sender, system, place: standing.place ?? null, why: why ?? null },
    ],
  };
}

/** Where it was all of its batch that could not be used, nothing of that is unread any more. */
async function toldUnread(store: Store, { batch, sender }: Quarantined): Promise<readonly string[]> {
  const found = await readBatch(store, batch);
  if (!found || found.batch.outcomes.quarantined > 1) return [];
  const key = unusableKey({ sender, group: found.batch.group });
  const [document] = await store.read([key]);
  return document && ifLegible(() => parseUnusable(document))?.batch === batch ? [key] : [];
}
