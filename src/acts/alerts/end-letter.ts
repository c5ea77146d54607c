import { alertWith } from "../../domain/alerts/labelled-alert.ts";
import type { PostReader } from "../../domain/alerts/post-reader.ts";
import { parsedJson, reportedAlert } from "../../domain/alerts/reported-alert.ts";
import { requestOfKey } from "../../domain/approvals/request.ts";
import type { DoneBy } from "../../domain/commands/command.ts";
import { UserError } from "../../domain/failure.ts";
import type { Commit, Store } from "../../domain/store.ts";
import type { OwnAct } from "../../domain/systems/own-system.ts";
import { readBatch } from "../../records/batch.ts";
import { sha256 } from "../../records/ids.ts";
import { parseQuarantined, placeNamed, putQuarantined, type Quarantined, quarantineKey } from "../../records/ledger.ts";
import { ifLegible } from "../../records/legible.ts";
import { readRequest } from "../../records/request.ts";
import { parseUnusable, unusableKey } from "../../records/unusable-post.ts";
import { committedBefore, transact } from "../transact.ts";
import { acceptedBatch } from "./accept-batch.ts";
import { acceptTold } from "./accept-told.ts";
import { agreedBy } from "./agreed-by.ts";

/** What is done with something in quarantine, and by whom. */
type Ended = NonNullable<Quarantined["ended"]>;

/**
 * Takes in what was put in quarantine, read as its sender's posts are read now, in the commit that ends its time there. Answers the
 * id of the batch that it came in anew. Throws UserError where it can still not be used.
 */
export async function replayLetter(
  store: Store,
  letter: Quarantined,
  { reader, by }: { readonly reader: PostReader; readonly by: DoneBy },
): Promise<string> {
  const read = reader.again(letter);
  if ("unusable" in read || ("told" in read && read.told.some((each) => "raw" in each))) {
    const why = "unusable" in read ? read.unusable : letter.why;
    throw new UserError(
      `It still cannot be used: ${why}. Nothing was changed.`,
      "Correct how its sender is read in wardroom.yaml, or drop it: alerts drop.",
    );
  }
  const kind = (await readBatch(store, letter.batch))?.batch.kind ?? "alertmanager";
  const { sender: id, system, text } = letter;
  const posted = { sender: { id, kind, system }, text, bytes: Buffer.byteLength(text), digest: sha256(text) };
  const end = (now: number) => ending(store, letter, { as: "replayed", by, now });
  if ("told" in read) return (await acceptTold(store, posted, read.told, end)).trace;
  const body = JSON.stringify({ version: "4", alerts: read.batch.alerts });
  const outcome = await transact(store, async (now) => {
    const { id: trace, ...batch } = acceptedBatch({ ...posted, text: body }, read.batch, now);
    const also = await end(now);
    return {
      result: trace,
      commit: {
        expect: also.expect,
        put: [...batch.put, ...also.put],
        remove: also.remove,
        timers: batch.timers,
        journal: [...batch.journal, ...also.journal],
      },
    };
  });
  if (outcome.repeated) throw new Error("a batch with a new id was answered as one that came before");
  return outcome.result;
}

/** Ends its time in quarantine with nothing taken in, once for each delivery. Throws UserError where that was ended before. */
export async function dropLetter(
  store: Store,
  letter: Pick<Quarantined, "batch" | "place">,
  { by, why }: { readonly by: DoneBy; readonly why: string },
): Promise<void> {
  const key = `drop:${by.invocation}`;
  await transact(store, async (now) => {
    if ((await committedBefore(store, key)) !== undefined) return { result: undefined };
    const commit = await ending(store, letter, { as: "dropped", by, now, why });
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

async function ending(
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
