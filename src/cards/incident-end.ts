import type { Incident } from "../domain/incidents/incident.ts";
import type { Card } from "../domain/messages/card.ts";
import { clock } from "../domain/text/moment.ts";
import { span } from "../domain/text/quantities.ts";

/** That an incident is over, for everybody in its room: what it came from, what it did and how long it went on. `at`: when it was resolved. */
export function incidentEndCard(incident: Incident, at: number, now: number): Card {
  const { number, title, severity, system, openedAt, closedAt, cause, impact } = incident;
  const what = `${severity} ${system === undefined ? "" : `${system}: `}${title}`;
  if (closedAt !== at)
    return {
      tone: "warning",
      title: `Incident ${number} was resolved at ${clock(at, now)} and goes on`,
      summary: `${what}. It was reopened since: the timeline says why.`,
      blocks: [],
    };
  return {
    tone: "good",
    title: `Incident ${number} is resolved`,
    summary: `${what}. It went on for ${span(closedAt - openedAt)}.`,
    blocks: [
      {
        kind: "fields",
        fields: [
          { name: "Cause", value: cause ?? "unknown" },
          { name: "Impact", value: impact ?? "unknown" },
        ],
      },
    ],
    actions: [
      { label: "Reopen…", command: "incident reopen", args: { incident: number }, ask: ["why"] },
      { label: "Post-mortem", command: "incident postmortem", args: { incident: number } },
    ],
  };
}
