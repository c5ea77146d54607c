import { counted, oneLine } from "../../domain/text/quantities.ts";
import { type AskedSection, type DigestPorts, type DigestSection, onlySystem, type Stretch } from "./asked-section.ts";
import { gapLines } from "./log-gaps.ts";

const deadlineMs = 8_000;
const mostShown = 5;
const longestLine = 160;

/** How many lines of a log hold something, now and before, and the newest of them. */
export const logSection: DigestSection = {
  title: "Log",
  async find(asked, ports) {
    const system = onlySystem(asked);
    const { log = "", match, level } = asked.options;
    const [now, before, weekAgo] = await Promise.all([
      search(ports, asked, asked),
      search(ports, asked, asked.before),
      asked.weekAgo && search(ports, asked, asked.weekAgo),
    ]);
    const what = [
      "lines",
      ...(level === undefined ? [] : [`of level ${level}`]),
      ...(match === undefined ? [] : [`with ${match}`]),
    ].join(" ");
    // A log that begins later, or of which not all was read, tells less of a time than there was.
    const known = (found: typeof now | undefined): number | undefined =>
      found && found.gaps.length === 0 && found.begins === undefined ? found.matched : undefined;
    const [earlier, week] = [known(before), known(weekAgo)];
    return {
      source: `${system.title}, log ${log}`,
      asOf: asked.to,
      isPartial: now.gaps.length > 0,
      figures: [
        {
          id: "lines",
          title: what,
          value: now.matched,
          unit: "",
          ...(earlier !== undefined && { before: earlier }),
          ...(week !== undefined && { weekAgo: week }),
        },
      ],
      lines: [
        ...(now.matched === 0 && now.gaps.length === 0 ? [{ text: `${what}: none in that time` }] : []),
        ...now.lines.slice(0, mostShown).map(({ text }) => ({ text: oneLine(text).slice(0, longestLine) })),
        ...(now.matched > mostShown ? [{ text: `and ${counted(now.matched - mostShown, "line")} more` }] : []),
        ...gapLines(now),
      ],
    };
  },
};

function search({ systems }: DigestPorts, asked: AskedSection, { from, to }: Stretch) {
  const { log: source = "", match, level } = asked.options;
  return systems.logs.search(onlySystem(asked), {
    source,
    from,
    to,
    limit: mostShown,
    deadlineMs,
    ...(match !== undefined && { match }),
    ...(level !== undefined && { level }),
  });
}
