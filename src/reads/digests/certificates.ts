import type { DigestLine } from "../../domain/digests/section.ts";
import type { SeenCertificate } from "../../domain/systems/certificates.ts";
import type { System } from "../../domain/systems/system.ts";
import { zonedAt } from "../../domain/text/moment.ts";
import { counted, span } from "../../domain/text/quantities.ts";
import { type AskedSection, type DigestSection, lineOf, unreadLine } from "./asked-section.ts";

const dayMs = 86_400_000;
/** When it is told before all else, where the section does not say: time to have one made by people, ms. */
const toldBeforeMs = 21 * dayMs;
/** Whatever renews certificates by itself has failed by then: it begins a third of their life before the end, which is 30 days of 90. */
const urgentMs = 7 * dayMs;
const deadlineMs = 5_000;

type OfSystem = SeenCertificate & { readonly system: System };

/** Until when the certificates are good that calls rest on, the first to end first. */
export const certificatesSection: DigestSection = {
  title: "Certificates",
  async find(asked, { systems, store }) {
    const found = await Promise.all(
      asked.systems.map(async (system) =>
        (await systems.certificates.of(system, deadlineMs)).map((seen): OfSystem => ({ ...seen, system })),
      ),
    );
    const now = await store.now();
    const all = found.flat();
    const read = all.filter(({ endsAt }) => endsAt !== undefined).toSorted((one, other) => endOf(one) - endOf(other));
    const unread = all.filter(({ endsAt }) => endsAt === undefined);
    const source = "certificates of the addresses that systems name, asked live";
    const unreadLines = unread.map(({ system, of, unread: why = "" }) => lineOf(asked, system, unreadLine(of, why)));
    if (all.length > 0 && read.length === 0)
      return { source, asOf: now, unavailable: unreadLines.map(({ text }) => text).join("; ") };
    const lines = read.map((each) => lineOf(asked, each.system, endLine(asked, each, now)));
    const near = lines.filter(({ tone }) => tone === "bad" || tone === "warning");
    return {
      source,
      asOf: now,
      isPartial: unread.length > 0,
      words: wordsOf(asked, read, now),
      attention: near.map((line) => ({ ...line, text: `Certificate: ${line.text}` })),
      lines: [...lines, ...unreadLines],
    };
  },
};

function endOf({ endsAt = 0 }: SeenCertificate): number {
  return endsAt;
}

function wordsOf(asked: AskedSection, read: readonly OfSystem[], now: number): string {
  const [first] = read;
  return first
    ? `${counted(read.length, "certificate")}; the first to end: ${endLine(asked, first, now).text}`
    : "no address with TLS is named";
}

function endLine({ zone, options: { within = toldBeforeMs } }: AskedSection, seen: OfSystem, now: number): DigestLine {
  const left = endOf(seen) - now;
  const day = zonedAt(endOf(seen), zone).toPlainDate().toString();
  if (left <= 0) return { text: `${seen.of} ended on ${day}, ${span(-left)} ago: renew it`, tone: "bad" };
  if (left >= within && left >= urgentMs) return { text: `${seen.of} until ${day}, ${span(left)}`, tone: "good" };
  return { text: `${seen.of} ends on ${day}, in ${span(left)}: renew it`, tone: left < urgentMs ? "bad" : "warning" };
}
