import { type DigestSection, onlySystem, unreadLine } from "./asked-section.ts";
import { metricsThen, whyUnread } from "./past-value.ts";

/** Metrics, each with what it was. */
export const figuresSection: DigestSection = {
  title: "Figures",
  async find(asked, ports) {
    const system = onlySystem(asked);
    const { metrics: wanted = [] } = asked.options;
    const metrics = wanted.flatMap((id) => system.metrics.find((each) => each.id === id) ?? []);
    const read = await metricsThen(ports, { asked, system }, metrics);
    const unread = read.filter(({ figure }) => !figure);
    const source = `${system.title}, asked live`;
    if (unread.length === read.length) return { source, asOf: asked.to, unavailable: whyUnread(read[0]?.now) };
    return {
      source,
      asOf: Math.max(...read.flatMap(({ now }) => (now?.reading.ok ? [now.reading.at] : []))),
      isPartial: unread.length > 0,
      figures: read.flatMap(({ figure }) => figure ?? []),
      lines: unread.map(({ metric, now }) => unreadLine(metric.title, whyUnread(now))),
    };
  },
};
