import { isStillGiven } from "../domain/alerts/ack.ts";
import type { ActiveAlert, Alerts } from "../domain/alerts/alert.ts";
import { byWorst, type Firing, type FiringAlert } from "../domain/alerts/firing.ts";
import type { Store } from "../domain/store.ts";
import type { System } from "../domain/systems/system.ts";
import { alertCode, readAcks } from "../records/ack.ts";

/** What is firing on these systems now, read live from every source, with whoever looks after each alert. */
export async function firingNow(
  { alerts, store }: { readonly alerts: Alerts; readonly store: Store },
  systems: readonly System[],
): Promise<Firing> {
  const asked = await Promise.all(
    systems.map(async (system) => (await alerts.active(system)).map((each) => ({ ...each, system: system.id }))),
  );
  const sources = asked.flat();
  const active = sources.flatMap(({ reading }) => (reading.ok ? reading.value : []));
  return {
    alerts: await withAcks(store, active.toSorted(byWorst)),
    unread: sources.flatMap(({ system, source, reading }) =>
      reading.ok ? [] : [{ system, source, detail: reading.detail }],
    ),
    sources: sources.length,
  };
}

/** The alerts with the acknowledgements that still hold. */
export async function withAcks(store: Store, alerts: readonly ActiveAlert[]): Promise<readonly FiringAlert[]> {
  const coded = alerts.map((alert) => ({ ...alert, code: alertCode(alert) }));
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
