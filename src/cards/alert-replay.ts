import { episodeSummary } from "../domain/alerts/episode.ts";
import type { Replayed, ReplayedRoute } from "../domain/alerts/replay.ts";
import type { Block, Card } from "../domain/messages/card.ts";
import { stamp } from "../domain/text/moment.ts";
import { counted, span } from "../domain/text/quantities.ts";

interface Shown {
  /** How far back, ms. */
  readonly rangeMs: number;
  /** There were more alerts than were looked at. */
  readonly isMore: boolean;
  /** Only routes in shadow. */
  readonly onlyShadow: boolean;
}

/** What routes would have done with the alerts of a time that is over. */
export function alertReplayCard(replay: Replayed, { rangeMs, isMore, onlyShadow }: Shown): Card {
  const routes = replay.routes.filter(({ shadow }) => shadow || !onlyShadow);
  const over = `${counted(replay.episodes, "alert")} of the last ${span(rangeMs)}`;
  if (routes.length === 0)
    return {
      tone: "neutral",
      title: onlyShadow ? "No route is in shadow" : "There are no routes",
      summary: onlyShadow ? "One with `shadow: true` takes nothing and is shown here." : "All goes to the operators.",
      blocks: [],
    };
  return {
    tone: "neutral",
    title: onlyShadow
      ? `What routes in shadow would have done with ${over}`
      : `What these routes would have done with ${over}`,
    ...(isMore && { summary: "There were more alerts, and these are some of them." }),
    blocks: [
      {
        kind: "table",
        columns: [
          { title: "Route" },
          { title: "Told", align: "right" },
          { title: "Messages", align: "right" },
          { title: "Muted", align: "right" },
          { title: "Channels" },
        ],
        rows: routes.map(rowOf),
      },
      ...(onlyShadow ? [] : [operatorsBlock(replay)]),
      ...(onlyShadow ? routes.flatMap(namedBlock) : []),
    ],
    footer:
      "Each as of when it was first told of, grouped as its route says. What was silenced or hidden behind another then is counted as told.",
  };
}

function rowOf({ route, shadow, told, messages, muted, channels }: ReplayedRoute): readonly string[] {
  const where = [...channels].map(([channel, count]) => `${channel} (${count})`).join(", ");
  return [shadow ? `${route} (shadow)` : route, String(told), String(messages), String(muted), where || "none"];
}

function operatorsBlock({ toOperators }: Replayed): Block {
  return { kind: "text", text: `${counted(toOperators, "alert")} by no route, and so to the operators.` };
}

function namedBlock({ route, told, some }: ReplayedRoute): readonly Block[] {
  if (some.length === 0) return [];
  const items = some.map((episode) => ({
    text: `${episode.system}: ${episodeSummary(episode)} (${episode.ownSeverity || "no severity"}, ${stamp(episode.firstAt)})`,
  }));
  const left = told - some.length;
  return [
    { kind: "text", text: `By ${route}, the newest${left > 0 ? ` of ${told}` : ""}:` },
    { kind: "list", items },
  ];
}
