import { reconcileWrite } from "../acts/alerts/reconcile.ts";
import { followEnds, followLosses } from "../acts/alerts/silence.ts";
import type { AlertPeers, SenderLook } from "../domain/alerts/reconcile.ts";
import type { AlertsInFile } from "../domain/alerts/routing.ts";
import type { Store } from "../domain/store.ts";
import { addressesOf } from "../records/reconciled.ts";
import type { ScheduleSlot } from "./schedule.ts";

/** A look at an Alertmanager with its thousands of alerts; a round of all senders has ten seconds. */
const deadlineMs = 6_000;
const shortestMs = 1_000;
/** How often looks that are switched off ask whether they are on, ms. */
const offMs = 60_000;

/** Looks at every sender that has an API once over all replicas, and brings what is on record of its alerts in step with it. */
export function reconcileSlot({
  store,
  peers,
  alerts,
}: {
  readonly store: Store;
  readonly peers: AlertPeers;
  readonly alerts: () => Pick<AlertsInFile, "senders" | "reconcile">;
}): ScheduleSlot {
  return {
    id: "alert-reconcile",
    everyMs: () => {
      const { reconcile } = alerts();
      return reconcile === "off" ? offMs : Math.max(shortestMs, reconcile);
    },
    async run() {
      const { senders, reconcile } = alerts();
      const at = await store.now();
      const looks = (reconcile === "off" ? [] : senders).flatMap(({ id, system, api }) =>
        api ? [lookAt({ sender: { id, system }, at, ...api })] : [],
      );
      const looked = await Promise.all(looks);
      await followEnds(store, looked);
      await followLosses(store, looked);
      return { write: await reconcileWrite(store, looked) };
    },
  };

  async function lookAt({
    peers: addresses,
    settle: settleMs,
    ...look
  }: Pick<SenderLook, "sender" | "at"> & NonNullable<AlertsInFile["senders"][number]["api"]>): Promise<SenderLook> {
    const { system } = look.sender;
    const asked = addresses.map((peer) => peers.look(peer, { system, deadlineMs }));
    return { ...look, settleMs, addresses: addressesOf(addresses), peers: await Promise.all(asked) };
  }
}
