import type { Meter } from "../domain/meter.ts";
import type { CommitResult } from "../domain/store.ts";

/** Counts the commits of one flush by outcome. Commits divided by groups is the mean size of a group. */
export function meterGroup(meter: Meter | undefined, outcomes: readonly (CommitResult["outcome"] | "failed")[]): void {
  if (!meter) return;
  meter.observe("wardroom_commit_group_size", outcomes.length);
  for (const outcome of outcomes) {
    meter.count("wardroom_commits_total", { outcome });
    if (outcome === "conflict") meter.count("wardroom_conflicts_total");
  }
}
