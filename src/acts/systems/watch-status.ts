import type { DoneBy } from "../../domain/commands/command.ts";
import { UserError } from "../../domain/failure.ts";
import type { Place } from "../../domain/messages/place.ts";
import type { Store } from "../../domain/store.ts";
import { changesBetween, type StatusChange, type StatusWatch, statusParts } from "../../domain/systems/status-watch.ts";
import type { System } from "../../domain/systems/system.ts";
import { type SystemState, standingOf } from "../../domain/systems/system-state.ts";
import { sha256 } from "../../records/ids.ts";
import { owedNotice } from "../../records/notice.ts";
import { putChange, putWatch, type ReadWatch, runningWatches, watchKey } from "../../records/status-watch.ts";
import { transact } from "../transact.ts";

/** More than this together ask the systems for more than people read. */
const mostWatches = 50;

/** Tells the changes of a system for so long where it was asked for; what was asked there of it before is taken over. */
export async function watchStatus(
  store: Store,
  { state, place, forMs }: { readonly state: SystemState; readonly place: Place; readonly forMs: number },
  by: DoneBy,
): Promise<StatusWatch> {
  const { id: system, title } = state.system;
  const id = sha256(`${system} ${place.surface} ${place.channel} ${place.thread ?? ""}`).slice(0, 32);
  const outcome = await transact(store, async (now) => {
    const { found } = await runningWatches(store);
    const before = found.find(({ watch }) => watch.id === id);
    if (!before && found.length >= mostWatches)
      throw new UserError("Too many systems are watched already.", "Wait until one of them ends.");
    const [known] = await store.read([watchKey(id)]);
    const watch: StatusWatch = {
      id,
      system,
      title,
      by: { person: by.person, name: by.name },
      place,
      until: now + forMs,
      seen: statusParts(state),
      // What it told before keeps its numbers.
      told: before?.watch.told ?? now,
    };
    return { result: watch, commit: { expect: { [watchKey(id)]: known?.revision ?? null }, put: [putWatch(watch)] } };
  });
  if (outcome.repeated) throw new Error("a watch that is no delivery of its own was repeated");
  return outcome.result;
}

export interface WatchPorts {
  readonly store: Store;
  readonly system: (id: string) => System | undefined;
  readonly read: (system: System) => Promise<SystemState>;
  /** May what is of a system still be read there? */
  readonly mayTell: (watch: StatusWatch) => Promise<boolean>;
}

/** Looks once at everything that is watched, and owes what changed where it was asked for; one whose time is over ends with that. */
export async function tellStatusChanges(ports: WatchPorts): Promise<void> {
  const { found } = await runningWatches(ports.store);
  await Promise.all(found.map((each) => tellOf(ports, each)));
}

async function tellOf(
  { store, system: systemOf, read, mayTell }: WatchPorts,
  { watch, revision }: ReadWatch,
): Promise<void> {
  const system = systemOf(watch.system);
  const isAllowed = system !== undefined && (await mayTell(watch));
  const state = isAllowed ? await read(system) : undefined;
  const now = await store.now();
  const seen = state ? statusParts(state) : watch.seen;
  const changes = changesBetween(watch.seen, seen);
  const isLast = now >= watch.until || !state;
  if (changes.length === 0 && !isLast) return;
  const number = watch.told + 1;
  const change: StatusChange = {
    watch: watch.id,
    number,
    title: watch.title,
    at: now,
    changes,
    tone: state ? standingOf(state).tone : "neutral",
    isLast,
  };
  const notice = owedNotice({ subject: { kind: "status-change", watch: watch.id, number }, place: watch.place }, now);
  // Whoever wrote it meanwhile has told the same, or asked anew.
  await store.commit({
    id: `status-${watch.id}-${number}-${revision}`,
    expect: { [watchKey(watch.id)]: revision },
    put: [putWatch({ ...watch, seen, told: number, ...(isLast && { ended: true }) }), putChange(change)],
    notices: isAllowed ? [notice] : [],
  });
}
