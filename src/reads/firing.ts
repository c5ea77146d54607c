import { isStillGiven } from "../domain/alerts/ack.ts";
import type { ActiveAlert } from "../domain/alerts/alert.ts";
import { byWorst, type Firing, type FiringAlert } from "../domain/alerts/firing.ts";
import type { Store } from "../domain/store.ts";
import { healthTone } from "../domain/systems/health.ts";
import type { System } from "../domain/systems/system.ts";
import { activeIn, type SystemState, soonIn, standingOf } from "../domain/systems/system-state.ts";
import { isUnread, unreadWatches } from "../domain/systems/unread.ts";
import { alertCode, readAcks } from "../records/ack.ts";
import { type StatePorts, systemStates } from "./system-state.ts";

/** What is firing on these systems now, everything that is watched read live, with whoever looks after each alert. */
export async function firingNow(
  ports: StatePorts & { readonly store: Store },
  systems: readonly System[],
): Promise<Firing> {
  const states = await systemStates(ports, systems);
  const watched = states.flatMap(({ alerts }) => alerts);
  return {
    alerts: await withAcks(ports.store, states.flatMap(activeIn).toSorted(byWorst)),
    links: states
      .filter((state) => activeIn(state).length > 0)
      .flatMap(({ system }) =>
        Object.entries(system.links).map(([name, value]) => ({ name: `${system.id} ${name}`, value })),
      ),
    soon: states.flatMap(soonIn),
    unread: states.flatMap(({ system, alerts }) => unreadWatches(system.id, alerts)),
    watched: watched.length,
    unreadWatched: watched.filter(isUnread).length,
    unwatched: states.flatMap(({ system, alerts }) => (alerts.length === 0 ? [system.title] : [])),
    notWell: states.flatMap(notWell),
  };
}

/** What `status` shows as wrong is no all-clear here, whether or not anything is to fire of it. */
function notWell(state: SystemState): Firing["notWell"] {
  const { health, tone, isWrong } = standingOf(state);
  const { title } = state.system;
  if (health !== "up") return [{ title, health, tone: healthTone(health) }];
  const isTold = activeIn(state).length > 0 || soonIn(state).length > 0;
  return isWrong && !isTold ? [{ title, health, tone }] : [];
}

/** The alerts with the acknowledgements that still hold. */
export async function withAcks(store: Store, alerts: readonly ActiveAlert[]): Promise<readonly FiringAlert[]> {
  const coded = alerts.map((alert) => ({ ...alert, code: alert.code ?? alertCode(alert) }));
  const acks = await readAcks(
    store,
    coded.map(({ code }) => code),
  );
  const now = await store.now();
  return coded.map((alert): FiringAlert => {
    const ack = acks.get(alert.code);
    return ack && isStillGiven(ack, alert, now) ? { ...alert, ack } : alert;
  });
}
