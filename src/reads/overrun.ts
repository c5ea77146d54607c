import { labelledEpisode } from "../domain/alerts/labelled-alert.ts";
import { unmetBy } from "../domain/alerts/matcher.ts";
import type { MaintenanceWindow } from "../domain/alerts/routing.ts";
import { concernedBy } from "../domain/alerts/window-times.ts";
import { askedWords, isOpen } from "../domain/approvals/request.ts";
import type { Store } from "../domain/store.ts";
import { span } from "../domain/text/quantities.ts";
import { everythingFiring } from "../records/episode.ts";
import { openRequests } from "../records/request.ts";

/** More than this fire in a storm, of which some are as good as all. */
const mostLookedThrough = 2_000;

/** What still goes on of what a window was for: runs of its systems that have not ended, and alerts that it held back. */
export async function overrunOf(store: Store, window: MaintenanceWindow): Promise<readonly string[]> {
  const now = await store.now();
  const [open, firing] = await Promise.all([openRequests(store), everythingFiring(store, mostLookedThrough)]);
  const running = open.found.filter(
    ({ request, sealed }) =>
      request.state !== "PENDING" &&
      request.state !== "APPROVED" &&
      isOpen(request.state) &&
      concernedBy(window, [sealed.system]).length > 0,
  );
  const held = firing.found.filter((episode) => unmetBy(labelledEpisode(episode).labels, window.match) === undefined);
  return [
    ...running.map(
      ({ request, sealed }) =>
        `${askedWords(sealed, sealed.systemTitle)} (${request.code}), asked by ${sealed.requester.name}, ${request.state === "EXECUTING" ? "still runs" : `is ${request.state}`}`,
    ),
    ...held.map(
      ({ system, labels, firstAt }) =>
        `${system}: ${labels["alertname"] ?? "an alert without a name"} fires, for ${span(now - firstAt)}`,
    ),
  ];
}
