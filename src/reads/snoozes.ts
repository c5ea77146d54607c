import type { FiringAlert } from "../domain/alerts/firing.ts";
import { holdingSnoozes } from "../domain/alerts/snooze.ts";
import type { Store } from "../domain/store.ts";
import { snoozesOf } from "../records/snooze.ts";

/** Alerts, each with the snoozes of it that hold. */
export async function withSnoozes(
  store: Pick<Store, "read">,
  alerts: readonly FiringAlert[],
  now: number,
): Promise<readonly FiringAlert[]> {
  const snoozed = await snoozesOf(
    store,
    alerts.map(({ code }) => code),
  );
  return alerts.map((alert) => {
    const its = snoozed.get(alert.code);
    const snoozes = its ? holdingSnoozes({ ...alert, snoozes: its.snoozes }, now) : [];
    return snoozes.length > 0 ? { ...alert, snoozes } : alert;
  });
}
