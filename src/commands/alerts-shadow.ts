import { z } from "zod";
import { takenInKeptMs } from "../acts/alerts/tidy-taken-in.ts";
import { alertReplayCard } from "../cards/alert-replay.ts";
import { replayed } from "../domain/alerts/replay.ts";
import { defineCommand, viewerOf } from "../domain/commands/command.ts";
import { may } from "../domain/people/viewer.ts";
import { recentEpisodes } from "../reads/recent-episodes.ts";
import { momentOf, rangeField } from "./fields.ts";

/** Worked out from what came in, of systems that the person may read: a route that was put in shadow today shows last week as well. */
export const alertsShadow = defineCommand({
  name: "alerts shadow",
  summary: "What routes in shadow would have done with the alerts of the last week",
  permission: "read",
  examples: ["alerts shadow", "alerts shadow 1d"],
  input: z.object({
    range: rangeField("How far back: 1d, 7d; 7d when left out").optional(),
  }),
  async run(input, context) {
    const { now } = context.invocation;
    const since = Math.max(now - takenInKeptMs, Math.min(now, momentOf("range", input.range ?? "7d", now)));
    const viewer = viewerOf(context);
    const { episodes, isMore } = await recentEpisodes(context.store, since, (id) => may(viewer, "read", id).allowed);
    const shown = { rangeMs: now - since, isMore, onlyShadow: true };
    return { card: alertReplayCard(replayed(context.routing, episodes), shown) };
  },
});
