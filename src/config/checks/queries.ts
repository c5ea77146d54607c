import { isSeq } from "yaml";
import type { Backend } from "../../domain/systems/backend.ts";
import type { NamedQuery } from "../../domain/systems/queries.ts";
import type { System } from "../../domain/systems/system.ts";
import type { ConfigProblem, Path } from "../problem.ts";
import { problemAt } from "../source.ts";
import type { Files, Loaded } from "./files.ts";
import { argumentRemedy, unknownName } from "./names.ts";
import { placeOfText } from "./place-in-file.ts";
import { wrongArgument } from "./systems.ts";

/** What `query` itself is asked with. */
const ownFields = ["system", "query"];

/** What a query says against itself, and short queries that would take the name of a command or of a short operation. */
export function checkQueries(
  { systems }: Files,
  { reserved, backends }: { readonly reserved: readonly string[]; readonly backends: readonly Backend[] },
): ConfigProblem[] {
  const taken = new Map(reserved.map((name) => [name.split(" ")[0] ?? name, "a command"]));
  for (const { value } of systems)
    for (const [id, { short }] of Object.entries(value.operations)) if (short) taken.set(id, "a short operation");
  return systems.flatMap((system) =>
    system.value.queries.flatMap((query, index) => {
      const path: Path = ["queries", index];
      return [
        ...wrongName(system, { query, path, taken }),
        ...wrongArguments(system, query, path),
        ...wrongReferences(system, { query, path, backends }),
        ...wrongColumns(system, { query, path, backends }),
        ...wrongAlert(system, query, path),
      ];
    }),
  );
}

function wrongName(
  { source, value }: Loaded<System>,
  {
    query: { id, short },
    path,
    taken,
  }: { readonly query: NamedQuery; readonly path: Path; readonly taken: ReadonlyMap<string, string> },
): ConfigProblem[] {
  const by = short ? taken.get(id) : undefined;
  if (by === undefined) return [];
  const message = `\`${id}\` is the name of ${by}, so this query cannot be short`;
  const remedy = `Rename it, or remove \`short\`: it can still be asked as \`query ${value.id} ${id}\`.`;
  return [problemAt(source, [...path, "short"], { message, remedy })];
}

function wrongArguments(system: Loaded<System>, query: NamedQuery, path: Path): ConfigProblem[] {
  return Object.entries(query.arguments).flatMap(([name, argument]) => {
    const at = [...path, "arguments", name];
    if (!ownFields.includes(name)) return wrongArgument(system, argument, at);
    const message = `\`${name}\` is what every query is asked with`;
    return [problemAt(system.source, at, { message, remedy: "Give the argument another name.", at: "key" })];
  });
}

/** What is asked by itself is asked with nothing. */
function wrongAlert({ source }: Loaded<System>, { newest, arguments: given }: NamedQuery, path: Path): ConfigProblem[] {
  const needed = Object.keys(given).find((name) => given[name]?.required);
  if (needed === undefined || !newest?.some(({ alert }) => alert)) return [];
  const message = `nobody gives the argument \`${needed}\` where the age of the newest is watched`;
  return [problemAt(source, [...path, "newest"], { message, remedy: "Remove `alert`, or make it `required: false`." })];
}

/** What is drawn, and what tells how old a row is, has to be a column of the answer, where it is known which it has. */
function wrongColumns(
  { source }: Loaded<System>,
  { query, path, backends }: { readonly query: NamedQuery; readonly path: Path; readonly backends: readonly Backend[] },
): ConfigProblem[] {
  const { chart, newest } = query;
  const columns = backends.find(({ name }) => name === query.source.backend)?.query?.columns?.(query.source.spec);
  if (!columns) return [];
  const named: [string | undefined, Path][] = [
    [chart?.time, ["chart", "time"]],
    ...(chart?.values ?? []).map((name, at): [string, Path] => [name, ["chart", "values", at]]),
    [chart?.by, ["chart", "by"]],
    ...(newest ?? []).flatMap(({ time, of = {} }, index) => {
      const at: Path = isSeq(source.document.getIn([...path, "newest"])) ? ["newest", index] : ["newest"];
      const kinds = Object.keys(of).map((name): [string, Path] => [name, [...at, "of", name]]);
      return [[time, [...at, "time"]] satisfies [string, Path], ...kinds];
    }),
  ];
  return named.flatMap(([name, at]) =>
    name === undefined ? [] : unknownName({ name, source, path: [...path, ...at] }, columns, "column"),
  );
}

/** What is referred to has to be asked for; in an address it cannot be left out. */
function wrongReferences(
  { source }: Loaded<System>,
  { query, path, backends }: { readonly query: NamedQuery; readonly path: Path; readonly backends: readonly Backend[] },
): ConfigProblem[] {
  const served = backends.find(({ name }) => name === query.source.backend)?.query;
  const referred = served?.placeholders?.(query.source.spec) ?? [];
  const unused = Object.keys(query.arguments).filter((name) => !referred.some((each) => each.name === name));
  return [
    ...unused.map((name) => {
      const message = `nothing refers to the argument \`${name}\``;
      const remedy = `Remove it, or write {${name}} where it belongs.`;
      return problemAt(source, [...path, "arguments", name], { message, remedy, at: "key" });
    }),
    ...referred.flatMap(({ name, inAddress }) => {
      const argument = query.arguments[name];
      if (!argument) {
        const message = `{${name}} is referred to, which is no argument of this query`;
        const place = placeOfText(source, path, `{${name}}`);
        return [problemAt(source, place, { message, remedy: argumentRemedy(name, Object.keys(query.arguments)) })];
      }
      if (argument.required || !inAddress) return [];
      const message = `the address holds {${name}}, which may be left out`;
      return [problemAt(source, [...path, "arguments", name], { message, remedy: "Remove `required: false`." })];
    }),
  ];
}
