import { tidyAcks, tidySilenceEndings } from "../acts/alerts/tidy-acks.ts";
import { tidyTakenIn } from "../acts/alerts/tidy-taken-in.ts";
import {
  tidyButtons,
  tidyDigests,
  tidyFiles,
  tidyFollows,
  tidyInvocations,
  tidyMessages,
  tidyShifts,
  tidyStatusWatches,
  tidyTroubles,
} from "../acts/messages/tidy.ts";
import { tidyLinks } from "../acts/people/tidy-links.ts";
import { dropOldSamples } from "../acts/systems/drop-old-samples.ts";
import { indexOldSamples } from "../acts/systems/index-old-samples.ts";
import type { Configuration } from "../domain/commands/configuration.ts";
import type { Store } from "../domain/store.ts";
import { roundMs, type ScheduleSlot } from "./schedule.ts";

/** One act a kind of document. Each removes so many, and answers how many went. */
const tidiers = [
  tidyInvocations,
  tidyButtons,
  tidyMessages,
  tidyFiles,
  tidyFollows,
  tidyTroubles,
  tidyAcks,
  tidySilenceEndings,
  tidyTakenIn,
  tidyLinks,
  tidyDigests,
  tidyShifts,
  tidyStatusWatches,
] as const;
/** Documents removed in one commit: no commit blocks others for long. */
const limit = 500;

/** Removes what is older than anybody can reach, batch by batch, for as long as there is more. */
export function tidySlot(
  store: Store,
  current: () => Pick<Configuration, "systems" | "history">,
  now: () => number = () => performance.now(),
): ScheduleSlot {
  return {
    id: "tidy",
    everyMs: () => 60_000,
    async run() {
      const { systems, history } = current();
      const until = now() + roundMs / 2;
      await indexOldSamples(store, seriesOf(systems.all()), history.keepMs);
      const kinds = [
        ...tidiers.map((tidy) => () => tidy(store)),
        () => dropOldSamples(store, { keepMs: history.keepMs, limit }),
      ];
      for (const remove of kinds) {
        while ((await remove()) > 0) if (now() > until) return { more: true };
      }
      return {};
    },
  };
}

function seriesOf(
  systems: ReturnType<Configuration["systems"]["all"]>,
): { readonly system: string; readonly metric: string }[] {
  return systems.flatMap((system) => system.metrics.map((metric) => ({ system: system.id, metric: metric.id })));
}
