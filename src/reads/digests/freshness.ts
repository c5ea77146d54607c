import { clock } from "../../domain/text/moment.ts";
import { span } from "../../domain/text/quantities.ts";
import { type DigestSection, onlySystem } from "./asked-section.ts";
import { gapLines } from "./log-gaps.ts";

const dayMs = 86_400_000;
const lookedBackDays = 14;
const deadlineMs = 8_000;

/** How old the newest line of a log is, against how old it may be. */
export const freshnessSection: DigestSection = {
  title: "Data freshness",
  async find(asked, { store, systems }) {
    const system = onlySystem(asked);
    const { log = "", within = dayMs } = asked.options;
    const now = await store.now();
    const from = now - lookedBackDays * dayMs;
    const found = await systems.logs.search(system, { source: log, from, to: now, limit: 1, deadlineMs });
    const source = `${system.title}, log ${log}`;
    const at = found.lines[0]?.at;
    if (at === undefined && found.gaps.length > 0)
      return {
        source,
        asOf: now,
        unavailable: gapLines(found)
          .map(({ text }) => text)
          .join("; "),
      };
    const isStale = at === undefined || now - at > within;
    const words =
      at === undefined
        ? `no line of ${log} in ${lookedBackDays} days; at most ${span(within)} old is wanted`
        : `newest of ${log} ${span(now - at)} old (${clock(at, now)}); at most ${span(within)} is wanted`;
    const line = { text: words, tone: isStale ? ("bad" as const) : ("good" as const) };
    return {
      source,
      asOf: now,
      isPartial: found.gaps.length > 0,
      words,
      attention: isStale ? [{ ...line, text: `${system.title}: ${words}` }] : [],
      lines: gapLines(found),
    };
  },
};
