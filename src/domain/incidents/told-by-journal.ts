import type { AuditEntry } from "../journal.ts";
import type { Json } from "../store.ts";
import { cutText } from "../text/cut-text.ts";
import type { TimelineEntry, TimelineKind } from "./timeline.ts";

/** Longest text of an entry that fills itself, in characters. */
const longest = 400;

type Told = Pick<TimelineEntry, "at" | "kind" | "text" | "who" | "source">;

/** What a timeline says of an entry of the journal about a request or an alert; undefined for what it leaves out. */
export function toldByJournal(entry: AuditEntry): Told | undefined {
  const said = wordsOf(entry);
  return said && toldAs(entry, said.kind, said.text);
}

/** What a timeline says of a command that somebody asked, and what it was answered. */
export function toldOfCommand(entry: AuditEntry, answer: string): Told {
  const { fields } = entry;
  const typed = [textOf(fields["command"]), ...valuesOf(fields["arguments"]).map(textOf)].join(" ");
  return toldAs(entry, "command", `${typed.trim()} → ${answer}`);
}

function toldAs({ seq, at, who: { person, name } }: AuditEntry, kind: TimelineKind, text: string): Told {
  return {
    at,
    kind,
    text: cutText(text, longest),
    source: `journal ${seq}`,
    ...(person !== null && { who: { person, name: name ?? person } }),
  };
}

function wordsOf(entry: AuditEntry): { readonly kind: TimelineKind; readonly text: string } | undefined {
  const { kind, fields } = entry;
  if (kind === "alert.acknowledged") return { kind: "acknowledged", text: `has ${textOf(fields["summary"])}` };
  if (kind === "alert.unacknowledged")
    return { kind: "acknowledged", text: `no longer has ${textOf(fields["summary"])}` };
  if (kind === "alert.paged") return { kind: "escalation", text: pagedWords(entry) };
  if (!kind.startsWith("request.")) return undefined;
  const what = `${textOf(fields["operation"])} (request ${textOf(fields["code"])})`;
  const why = behind(fields["why"] ?? fields["reason"]);
  switch (kind.slice("request.".length)) {
    case "opened":
      return { kind: "request", text: `asks for ${what}${why}` };
    case "approved":
      return { kind: "request", text: `approves ${what}${behind(fields["seen"])}` };
    case "denied":
      return { kind: "request", text: `denies ${what}${why}` };
    case "withdrawn":
      return { kind: "request", text: `takes back the approval of ${what}${why}` };
    case "cancelled":
      return { kind: "request", text: `cancels ${what}${why}` };
    case "aborted":
      return { kind: "request", text: `aborts ${what}${why}` };
    case "expired":
      return { kind: "request", text: `${what} expired undecided or unclaimed` };
    case "invalidated":
      return { kind: "request", text: `${what} is no longer what was asked for${why}` };
    case "claimed":
      return { kind: "run", text: `${what} is begun${by(fields["owner"])}` };
    case "step-ended":
      return { kind: "run", text: `${what}: step ${textOf(fields["step"])} ended${behind(fields["said"])}` };
    case "finished":
      return { kind: "run", text: `${what} ended: ${textOf(fields["state"])}${why}` };
    case "lost":
      return { kind: "run", text: `${what}: how it ended is unknown${why}` };
    case "reconciled":
    case "settled":
    case "undone":
      return { kind: "run", text: `${what} is ${textOf(fields["state"])} now${why}` };
    default:
      return undefined;
  }
}

function pagedWords({ fields }: AuditEntry): string {
  const called = valuesOf(fields["called"]).map(textOf).join(", ");
  const alerts = valuesOf(fields["alerts"]).map(textOf).join(", ");
  return `level ${textOf(fields["level"])} of ${textOf(fields["class"])} is called, as nobody has ${alerts}: ${called === "" ? "nobody stands behind it" : called}`;
}

function behind(why: Json | undefined): string {
  const text = textOf(why);
  return text === "" ? "" : `: ${text}`;
}

function by(owner: Json | undefined): string {
  const text = textOf(owner);
  return text === "" ? "" : ` by process ${text}`;
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

function valuesOf(value: Json | undefined): readonly Json[] {
  return typeof value === "object" && value !== null ? Object.values(value) : [];
}
