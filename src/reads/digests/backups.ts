import type { DigestLine } from "../../domain/digests/section.ts";
import { newestState } from "../../domain/systems/newest.ts";
import type { NamedQuery } from "../../domain/systems/queries.ts";
import type { System } from "../../domain/systems/system.ts";
import { counted } from "../../domain/text/quantities.ts";
import { type AskedSection, type DigestPorts, type DigestSection, lineOf, unreadLine } from "./asked-section.ts";
import { whyNot } from "./why-not.ts";

/** What was promised of backups, and whether it is kept. */
export const backupsSection: DigestSection = {
  title: "Backups",
  async find(asked, ports) {
    const promised = asked.systems.flatMap((system) =>
      system.queries.filter(({ newest }) => newest !== undefined).map((query) => ({ system, query })),
    );
    const without = asked.systems.filter(({ id }) => !promised.some(({ system }) => system.id === id));
    const lines = (await Promise.all(promised.map((each) => promiseLines(asked, ports, each)))).flat();
    const unread = lines.filter(({ tone }) => tone === "unknown");
    const source = "lists of backups, asked live";
    if (promised.length > 0 && unread.length === lines.length)
      return { source, asOf: asked.to, unavailable: unread.map(({ text }) => text).join("; ") };
    const bad = lines.filter(({ tone }) => tone === "bad");
    const kept = lines.length - bad.length - unread.length;
    return {
      source,
      asOf: await ports.store.now(),
      isPartial: unread.length > 0,
      words:
        lines.length === 0
          ? "nothing is promised of backups"
          : `${kept} of ${counted(lines.length, "promise")} kept${bad.length === 0 ? "" : `, ${bad.length} broken`}`,
      attention: bad.map((line) => ({
        ...line,
        text: asked.systems.length === 1 ? `Backups: ${line.text}` : line.text,
      })),
      lines: [
        ...lines,
        ...without.map((system) => lineOf(asked, system, { text: "nothing is promised of its backups" })),
      ],
    };
  },
};

async function promiseLines(
  asked: AskedSection,
  { store, systems }: DigestPorts,
  { system, query }: { readonly system: System; readonly query: NamedQuery },
): Promise<readonly DigestLine[]> {
  const promises = query.newest ?? [];
  try {
    const { value } = await systems.queries.read(system, query, {});
    const now = await store.now();
    return promises.map((promise) => {
      const state = newestState(promise, value, now);
      const tone = state.is === "kept" ? "good" : state.is === "untold" ? "unknown" : "bad";
      return lineOf(asked, system, { text: `${query.title}: ${state.words}`, tone });
    });
  } catch (error) {
    const why = whyNot(error);
    return promises.map(({ promised }) => lineOf(asked, system, unreadLine(`${query.title}, ${promised}`, why)));
  }
}
