import { z } from "zod";
import type { Picture } from "../cards/metric-chart.ts";
import { type QueryFound, queriesCard, queryCard, queryFile } from "../cards/query.ts";
import { queryCourse } from "../cards/query-chart.ts";
import {
  type Command,
  type CommandContext,
  defineCommand,
  type HowToAsk,
  type Reply,
  viewerOf,
} from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import { may } from "../domain/people/viewer.ts";
import type { NamedQuery } from "../domain/systems/queries.ts";
import type { System } from "../domain/systems/system.ts";
import { nearest } from "../domain/text/distance.ts";
import { drawn } from "./draw.ts";
import { system as systemField, systemNamed } from "./fields.ts";
import { argumentValues, ExactInputs, exactFields, loosestFields, requiredArguments } from "./operation-input.ts";
import { refuseWithoutRight } from "./right.ts";

/**
 * The commands that the systems' queries compile to: `query`, for all of them, and a short form for each that asks for one
 * (`pods prsm` is `query prsm pods`).
 */
export function queryCommands(systems: readonly System[]): Command[] {
  const shorts = new Set(systems.flatMap(({ queries }) => queries.filter(({ short }) => short).map(({ id }) => id)));
  return [queryCommand(systems), ...[...shorts].map((id) => shortQuery(id, systems))];
}

function queryCommand(systems: readonly System[]): Command {
  const all = systems.flatMap(({ queries }) => queries);
  const ids = [...new Set(all.map(({ id }) => id))];
  const named = { system: systemField, query: queryField(ids) };
  const exact = new ExactInputs(systems, queriesOf, (asked) => z.object({ ...named, ...exactFields(asked) }));
  return defineCommand({
    name: "query",
    summary: "A named question to a system that only reads, answered as a table or a chart",
    permission: "read",
    systemField: "system",
    examples: ["query {queries} {query}", "query {queries}"],
    input: z.object({ ...named, ...loosestFields(all) }),
    inputFor: ({ system, query }) => exact.find(system, query),
    typedAlone: new Map(ids.map((id) => [id, askingsOf(systems, id)])),
    run: async (input, context) => {
      const on = systemNamed(context, input.system);
      const { query } = input;
      return query === undefined ? list(context, on) : answer(context, { on, id: query, input });
    },
  });
}

/** How a query is asked, of each system that has it. */
function askingsOf(systems: readonly System[], id: string): HowToAsk[] {
  return systems.flatMap(({ id: system, queries }): HowToAsk[] => {
    const query = queries.find((each) => each.id === id);
    if (!query) return [];
    const usage = `query ${system} ${id} ${requiredArguments(query)}`.trim();
    return [{ usage, label: `${id} ${system}`, args: { system, query: id } }];
  });
}

function shortQuery(id: string, systems: readonly System[]): Command {
  const having = systems.flatMap((system) =>
    system.queries.filter((query) => query.id === id).map((query) => ({ system: system.id, query })),
  );
  const queries = having.map(({ query }) => query);
  const [first, ...others] = queries;
  const exact = new ExactInputs(systems, queriesOf, (asked) =>
    z.object({ system: systemField, ...exactFields(asked) }),
  );
  const isOne = others.every(({ permission }) => permission === first?.permission);
  return defineCommand({
    name: id,
    summary: first?.title ?? id,
    permission: (isOne ? first?.permission : undefined) ?? "read",
    systemField: "system",
    examples: having.map(({ system, query }) => `${id} ${system} ${requiredArguments(query)}`.trim()),
    input: z.object({
      system: systemField,
      ...(first && others.length === 0 ? exactFields(first) : loosestFields(queries)),
    }),
    inputFor: ({ system }) => exact.find(system, id),
    run: async (input, context) => answer(context, { on: systemNamed(context, input.system), id, input }),
  });
}

function queriesOf({ queries }: System): [string, NamedQuery][] {
  return queries.map((query) => [query.id, query]);
}

function queryField(ids: readonly string[]) {
  return z
    .string()
    .max(40)
    .optional()
    .meta({
      label: "Query",
      help: ids.length === 0 ? "Which one" : ids.join(", ").slice(0, 100),
      positional: true,
      suggest: "queries",
    });
}

function list(context: CommandContext, on: System): Reply {
  const viewer = viewerOf(context);
  const allowed = on.queries.filter(({ permission }) => may(viewer, permission, on.id).allowed);
  return { card: queriesCard(on, allowed) };
}

async function answer(
  context: CommandContext,
  asked: { readonly on: System; readonly id: string; readonly input: Readonly<Record<string, unknown>> },
): Promise<Reply> {
  const { on, id, input } = asked;
  const query = queryNamed(on, id.toLowerCase());
  refuseWithoutRight(context, query.permission, on);
  const { value, at } = await context.systems.queries.read(on, query, argumentValues(query, input));
  const { now } = context.invocation;
  const found = { system: on, query, table: value, at: at ?? now };
  const file = queryFile(found);
  const { picture, notes } = await pictureOf(context, found);
  const files = [...(picture && "file" in picture ? [picture.file] : []), ...(file ? [file] : [])];
  return { card: queryCard(found, file, { picture, notes, now }), files };
}

/** The course that its rows tell, where the query says what to draw. */
async function pictureOf(
  context: CommandContext,
  found: QueryFound,
): Promise<{ readonly picture: Picture | undefined; readonly notes: readonly string[] }> {
  const { chart } = found.query;
  if (!chart || found.table.rows.length === 0) return { picture: undefined, notes: [] };
  const { spec, notes } = queryCourse(found, chart, context.invocation.person.timezone);
  return { picture: spec && (await drawn(context, spec)), notes };
}

function queryNamed(on: System, asked: string): NamedQuery {
  const found = on.queries.find(({ id }) => id === asked);
  if (found) return found;
  const ids = on.queries.map(({ id }) => id);
  const close = nearest(asked, ids);
  throw new UserError(
    `${on.title} has no query ${asked}.`,
    ids.length === 0 ? "It has none." : close === undefined ? `It has ${ids.join(", ")}.` : `Did you mean ${close}?`,
  );
}
