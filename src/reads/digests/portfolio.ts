import type { DigestFigure, DigestLine } from "../../domain/digests/section.ts";
import type { DrawnPart } from "../../domain/messages/digest-picture.ts";
import { notional, type PortfolioState } from "../../domain/systems/portfolio.ts";
import type { System } from "../../domain/systems/system.ts";
import { amount, money } from "../../domain/text/quantities.ts";
import { type AskedSection, type DigestPorts, type DigestSection, lineOf, unreadLine } from "./asked-section.ts";
import { metricsThen } from "./past-value.ts";

/** More would only be drawn over each other. */
const mostSamples = 4_000;

/** Open positions, what they are worth, what they have won or lost, and what the system says of its result. */
export const portfolioSection: DigestSection = {
  title: "Portfolio",
  async find(asked, ports) {
    const { systems } = ports;
    const traders = asked.systems.filter(({ portfolio }) => portfolio !== undefined);
    const source = "the traders themselves, asked live";
    if (traders.length === 0) return { source, asOf: asked.to, words: "none of these systems trades" };
    const read = await Promise.all(
      traders.map(async (system) => ({ system, reading: await systems.portfolios.read(system) })),
    );
    const failed = read.flatMap(({ system, reading }) => (reading.ok ? [] : [{ system, why: reading.detail }]));
    if (failed.length === read.length)
      return {
        source,
        asOf: asked.to,
        unavailable: `${failed[0]?.why ?? "nothing was read"}; do not take this for flat`,
      };
    const states = read.flatMap(({ system, reading }) =>
      reading.ok ? [{ system, state: reading.value, at: reading.at }] : [],
    );
    const prefixed = traders.length > 1;
    const curve = await curveOf(ports, asked, traders);
    return {
      ...(curve && { drawn: { curve } }),
      source,
      asOf: Math.max(...states.map(({ at }) => at)),
      isPartial: failed.length > 0 || states.some(({ state }) => unknownIn(state).length > 0),
      figures: states.flatMap(({ system, state }) => figuresOf(system, state, prefixed)),
      lines: [
        ...states.flatMap(({ system, state }) =>
          linesOf(state).map((line) => (prefixed ? lineOf(asked, system, line) : line)),
        ),
        ...failed.map(({ system, why }) =>
          lineOf(asked, system, unreadLine("Positions", `${why}; do not take this for flat`)),
        ),
      ],
    };
  },
};

/** The course of the first metric that is named; none of what has no two samples in that time. */
async function curveOf(
  ports: DigestPorts,
  asked: AskedSection,
  traders: readonly System[],
): Promise<DrawnPart["curve"]> {
  const [system] = traders;
  const metric = system?.metrics.find(({ id }) => id === asked.options.metrics?.[0]);
  if (!system || !metric) return undefined;
  const [course] = await metricsThen(ports, { asked, system }, [metric]);
  const samples = course?.samples ?? [];
  if (samples.length < 2) return undefined;
  const step = Math.ceil(samples.length / mostSamples);
  const thin = samples.filter((_, at) => at % step === 0 || at === samples.length - 1);
  return { title: metric.title, unit: metric.unit, samples: thin.map(({ at, value }) => ({ at, value })) };
}

function unrealised({ positions }: PortfolioState): number | undefined {
  const known = positions.flatMap(({ pnl }) => (typeof pnl === "number" ? [pnl] : []));
  return known.length === positions.length ? known.reduce((sum, pnl) => sum + pnl, 0) : undefined;
}

function figuresOf({ id, title }: System, state: PortfolioState, isPrefixed: boolean): readonly DigestFigure[] {
  const open = unrealised(state);
  const figure = (name: string, value: number, unit: string): DigestFigure => ({
    id: `${id}/${name}`,
    title: isPrefixed ? `${title} ${name}` : name,
    value,
    unit,
  });
  const told = state.totals.flatMap(({ title: total, value, unit }) =>
    value === undefined ? [] : [figure(total, value, unit)],
  );
  const exposed = told.filter(isExposure);
  return [
    figure("Positions", state.positions.length, ""),
    ...(exposed.length > 0 ? exposed : [figure("Exposure", notional(state.positions), state.currency)]),
    ...(open === undefined ? [] : [figure("Unrealised P&L", open, state.currency)]),
    ...told.filter((each) => !isExposure(each)),
  ];
}

function isExposure({ title }: Pick<DigestFigure, "title">): boolean {
  return title.toLowerCase().endsWith("exposure");
}

function unknownIn(state: PortfolioState): readonly string[] {
  return [
    ...state.totals.flatMap(({ title, value }) => (value === undefined ? [title] : [])),
    ...(unrealised(state) === undefined ? ["Unrealised P&L"] : []),
  ];
}

function linesOf(state: PortfolioState): readonly DigestLine[] {
  const { positions, currency } = state;
  return [
    ...(positions.length === 0 ? [{ text: "Positions: none" }] : []),
    ...positions.map(({ symbol, side, quantity, price, pnl }) => {
      const result = pnl === undefined ? "" : `, P&L ${pnl === null ? "unknown" : amount(pnl, currency)}`;
      return { text: `${symbol} ${side} ${money(Math.abs(quantity * price), currency)}${result}` };
    }),
    ...unknownIn(state).map((title) => unreadLine(title, "the trader does not say it in a form that can be read")),
  ];
}
