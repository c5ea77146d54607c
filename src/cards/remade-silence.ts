import type { Silence, SilenceThere } from "../domain/alerts/silence.ts";
import type { Card } from "../domain/messages/card.ts";
import { clock } from "../domain/text/moment.ts";

/** An Alertmanager had lost a silence of the bot, which was made again there. */
export function remadeSilenceCard(
  { id, match, until, by, comment }: Silence,
  { sender, lost }: SilenceThere,
  now: number,
): Card {
  const { at = now, times = 1 } = lost ?? {};
  const often = times > 1 ? ` It was lost ${times} times so far: is its folder kept when it is started anew?` : "";
  return {
    tone: "warning",
    title: `Alertmanager of ${sender} had lost a silence, which was made again there`,
    summary: `It was missed at ${clock(at, now)}, after a start without what was kept before. Until it was made again, others than Wardroom may have been told of what it holds back.${often}`,
    blocks: [
      {
        kind: "fields",
        fields: [
          { name: "Alerts", value: match },
          { name: "Until", value: clock(until, now) },
          { name: "By", value: by.name },
          { name: "Why", value: comment },
        ],
      },
    ],
    actions: until > now ? [{ label: "End the silence", command: "unsilence", args: { silence: id } }] : [],
    footer: `Silence ${id}`,
  };
}
