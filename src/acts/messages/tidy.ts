import type { Store } from "../../domain/store.ts";
import { removeOld } from "../remove-old.ts";

const day = 86_400_000;

/** Longer than a redelivery can be late, and than an answer is tried to be delivered. */
const invocationsMs = 1.5 * day;
/** A button works for so long after its card was made. */
const buttonsMs = 30 * day;
/** Files that no sender came for: their answer is no longer tried to be delivered. */
const filesMs = 2 * day;
/** A message about a log that was followed, or a system that was watched, says the same for so long, wherever it is sent again. */
const followsMs = 2 * day;
/** Digests are looked back at and compared with for so long; their pictures stand on the platforms once they are sent. */
const digestsMs = 400 * day;
const picturesMs = 31 * day;
/** What was left to whoever took over is asked for that long. */
const shiftsMs = 400 * day;
/** An operator reads of a trouble that is over for so long. */
const troublesMs = 30 * day;

/** Removes invocations that are older than a redelivery can reach. Answers how many went. */
export async function tidyInvocations(store: Store): Promise<number> {
  return removeOld(store, "invocation", "at", (await store.now()) - invocationsMs);
}

/** Removes what buttons do whose cards nobody scrolls back to. Answers how many went. */
export async function tidyButtons(store: Store): Promise<number> {
  return removeOld(store, "button", "at", (await store.now()) - buttonsMs);
}

/** Forgets where messages stand, each after as long as its kind says. Answers how many went. */
export async function tidyMessages(store: Store): Promise<number> {
  const now = await store.now();
  const before = await removeOld(store, "message", "at", now - buttonsMs);
  return before + (await removeOld(store, "message", "until", now));
}

/** Removes files of answers that were not sent in time. Answers how many went. */
export async function tidyFiles(store: Store): Promise<number> {
  return removeOld(store, "files", "at", (await store.now()) - filesMs);
}

/** Removes what is known of logs that were followed. Answers how many went. */
export async function tidyFollows(store: Store): Promise<number> {
  return removeOld(store, "follow", "at", (await store.now()) - followsMs);
}

/** Removes what was told of systems that were watched, and the watches. Answers how many went. */
export async function tidyStatusWatches(store: Store): Promise<number> {
  const before = (await store.now()) - followsMs;
  return (
    (await removeOld(store, "status-change", "at", before)) + (await removeOld(store, "status-watch", "ended", before))
  );
}

/** Removes troubles that have long been over. Answers how many went. */
export async function tidyTroubles(store: Store): Promise<number> {
  return removeOld(store, "trouble", "overAt", (await store.now()) - troublesMs);
}

/** Removes digests that nobody looks back at, and pictures that were sent long ago. Answers how many went. */
export async function tidyDigests(store: Store): Promise<number> {
  const now = await store.now();
  const pictures = await removeOld(store, "digest-picture", "at", now - picturesMs);
  return pictures + (await removeOld(store, "digest", "at", now - digestsMs));
}

/** Removes what was handed over long ago. Answers how many went. */
export async function tidyShifts(store: Store): Promise<number> {
  return removeOld(store, "shift", "at", (await store.now()) - shiftsMs);
}
