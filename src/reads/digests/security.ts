import type { DigestLine } from "../../domain/digests/section.ts";
import type { AuditEntry } from "../../domain/journal.ts";
import { textOfDatum } from "../../domain/systems/exact.ts";
import { zonedAt } from "../../domain/text/moment.ts";
import { counted } from "../../domain/text/quantities.ts";
import { type AskedSection, type DigestSection } from "./asked-section.ts";
import { journalBetween } from "./journal-between.ts";

const mostShown = 12;

const kinds: Readonly<Record<string, string>> = {
  "request.refused": "decisions refused",
  "terminal.refused": "wrong terminal tokens",
  "alerts.quarantined": "posts that could not be read",
  "policy.adopted": "changes of people and rules",
  "link.claimed": "accounts claimed",
  "link.confirmed": "accounts linked",
  "link.removed": "accounts unlinked",
  "terminal.enrolled": "terminals enrolled",
  "terminal.revoked": "terminals revoked",
};

/** What the journal has on who was refused, who came to have which right, and what was tried. */
export const securitySection: DigestSection = {
  title: "Security",
  async find(asked, { store }) {
    const { entries, isAll } = await journalBetween(store, asked, (kind) => kind === "invocation" || kind in kinds);
    const refused = entries.filter(({ kind, fields }) => kind === "invocation" && fields["outcome"] === "refused");
    const told = entries.filter(({ kind }) => kind !== "invocation");
    const count = (kind: string): number =>
      told
        .filter((entry) => entry.kind === kind)
        .reduce((sum, { fields }) => sum + (typeof fields["count"] === "number" ? fields["count"] : 1), 0);
    return {
      source: "the journal",
      asOf: asked.to,
      isPartial: !isAll,
      figures: [
        { id: "refused", title: "commands refused", value: refused.length, unit: "" },
        ...Object.entries(kinds).map(([kind, title]) => ({ id: kind, title, value: count(kind), unit: "" })),
      ].filter(({ value }, at) => at === 0 || value > 0),
      attention:
        count("terminal.refused") > 0
          ? [
              {
                text: `Tokens that nobody has were given ${counted(count("terminal.refused"), "time")}`,
                tone: "warning",
              },
            ]
          : [],
      lines: [
        ...[...told, ...refused].slice(0, mostShown).map((entry) => entryLine(asked, entry)),
        ...(told.length + refused.length > mostShown
          ? [{ text: `and ${told.length + refused.length - mostShown} more: audit shows them` }]
          : []),
        ...(told.length + refused.length === 0 ? [{ text: "On record: none" }] : []),
      ],
    };
  },
};

function entryLine({ zone }: AskedSection, { kind, at, who, fields }: AuditEntry): DigestLine {
  const time = zonedAt(at, zone).toPlainTime().toString({ smallestUnit: "minute" });
  const by = who.name ?? who.person ?? who.account ?? "nobody known";
  const what =
    kind === "invocation" ? `${textOfDatum(fields["command"]) ?? "a command"} refused` : (kinds[kind] ?? kind);
  if (kind === "policy.adopted" && who.person === null)
    return { text: `${time} the people and rules of the files came into force` };
  const of = [fields["operation"], fields["system"], fields["code"]].flatMap((each) => textOfDatum(each) ?? []);
  return { text: `${time} ${by}: ${what}${of.length === 0 ? "" : ` (${of.join(" ")})`}` };
}
