import type { JournalEntry } from "../../src/domain/journal.ts";

/** What the journal says of a command that was answered, for tests that are about something else. */
export function answeredEntry(at: number): JournalEntry {
  return {
    kind: "invocation",
    at,
    who: { person: "ana", name: "Ana", account: "slack:U1" },
    invocation: "slack:T1:U1:E1",
    command: "status",
    arguments: {},
    place: "slack:C1",
    outcome: "answered",
    ms: 1,
  };
}
