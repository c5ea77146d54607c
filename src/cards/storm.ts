import type { Storm } from "../domain/alerts/storm.ts";
import type { Card, Cell } from "../domain/messages/card.ts";
import { clock } from "../domain/text/moment.ts";
import { counted, span } from "../domain/text/quantities.ts";

const mostShown = 15;

/**
 * More alerts began than a channel can take messages: how many were folded here, and what of them fires. `part`: which of its messages it
 * is; what stands further up only says that there is a newer one.
 */
export function stormCard(storm: Storm, part: number, now: number): Card {
  if (part < storm.part)
    return {
      tone: "neutral",
      title: "Storm: its summary stands further down",
      summary: "It is brought to the end of the channel as more messages come.",
      blocks: [],
    };
  const { alerts, groups, firing, critical, began, overAt, since } = storm;
  const names = Object.entries(storm.names)
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a);
  const rows = names.slice(0, mostShown).map(([name, count]): Cell[] => [name, `${count}`]);
  const isOver = overAt !== undefined;
  return {
    tone: isOver ? "good" : critical > 0 ? "bad" : "warning",
    title: isOver
      ? `Storm over: ${counted(alerts, "alert")} folded in ${span(overAt - began)}`
      : `Storm: ${counted(alerts, "alert")} folded, ${firing} of them firing`,
    summary: isOver
      ? "What still fires has messages of its own."
      : `They would be ${counted(groups, "message")}: what is critical comes first with some of its own, the rest stands here until it is calm for two minutes. The oldest began ${clock(since, now)}; ${critical} that fire are critical.`,
    blocks:
      rows.length > 0
        ? [
            { kind: "table", columns: [{ title: "What fires" }, { title: "Alerts", align: "right" }], rows },
            ...(names.length > mostShown
              ? [{ kind: "text" as const, text: `and ${names.length - mostShown} more kinds` }]
              : []),
          ]
        : [],
    actions: [{ label: "List them", command: "alerts", args: {} }],
    footer: `Since ${clock(began, now)}. alerts why tells of each what became of it.`,
  };
}
