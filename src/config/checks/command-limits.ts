import type { CommandLimits, SurfaceTraits } from "../../domain/people/surface.ts";
import type { Argument, Operation } from "../../domain/systems/operation.ts";
import type { System } from "../../domain/systems/system.ts";
import type { ConfigProblem, Mistake, Path } from "../problem.ts";
import { problemAt, type SourceText } from "../source.ts";
import type { Files, Loaded } from "./files.ts";

/** What a platform takes, with the name by which people know it. */
interface Platform {
  readonly name: string;
  readonly limits: CommandLimits;
}

/** One argument of one operation or query, and where it stands. */
interface Given {
  readonly source: SourceText;
  readonly path: Path;
  readonly name: string;
  readonly argument: Argument;
}

/** Every operation is asked with a system and a reason, and by its long name with the operation too; a dry run is one field more, and in forms only where it was typed. */
const shortFields = 2;
/** A query is asked with a system. */
const queryFields = 1;
/** The commands that ask for either by its long name, and how many fields they have of their own. */
const longCommands = { operations: { name: "run", fields: 4 }, queries: { name: "query", fields: 2 } } as const;

/**
 * Operations and queries that a platform could not register as commands, or not ask for in a form. Only the platforms that a channel
 * is on are looked at.
 */
export function checkCommandLimits(
  { wardroom, systems }: Files,
  known: { readonly surfaces: readonly SurfaceTraits[]; readonly reserved?: readonly string[] },
): ConfigProblem[] {
  const used = new Set(wardroom?.value.channels.map(({ surface }) => surface));
  const platforms = known.surfaces.flatMap(({ id, name, limits }): Platform[] =>
    limits && used.has(id) ? [{ name, limits }] : [],
  );
  return platforms.flatMap((platform) => [
    ...systems.flatMap((system) => inSystem(system, platform)),
    ...together(systems.flatMap(operationArguments), platform, "operations"),
    ...together(systems.flatMap(queryArguments), platform, "queries"),
    ...tooManyCommands(systems, platform, new Set(known.reserved).size),
  ]);
}

function inSystem(system: Loaded<System>, platform: Platform): ConfigProblem[] {
  const { source, value } = system;
  const mistakes = [
    ...Object.entries(value.operations).map(([id, operation]) => {
      const own = { id, fields: shortFields, called: "system, reason", path: ["operations", id] };
      return { path: own.path, wrong: wrongAsked(own, operation, platform) };
    }),
    ...value.queries.map((query, index) => {
      const own = { id: query.id, fields: queryFields, called: "system", path: ["queries", index] };
      return { path: own.path, wrong: wrongAsked(own, query, platform) };
    }),
  ];
  return [
    ...[...operationArguments(system), ...queryArguments(system)].flatMap((given) => wrongArgument(given, platform)),
    ...mistakes.flatMap(({ path, wrong }) => wrong.map((mistake) => problemAt(source, path, mistake))),
  ];
}

/** The name of an operation or a query, and the fields of its own that it is asked with. */
interface AskedAs {
  readonly id: string;
  readonly fields: number;
  readonly called: string;
}

function wrongAsked(
  { id, fields, called }: AskedAs,
  asked: Pick<Operation, "short" | "arguments">,
  { name, limits }: Platform,
): Mistake[] {
  const needed = Object.values(asked.arguments).filter(({ required }) => required).length + fields;
  return [
    ...(asked.short && id.length > limits.commandName
      ? [tooMuch(`the name of a command has ${id.length} characters`, limits.commandName, name, "Shorten it.")]
      : []),
    ...(needed > limits.formFields
      ? [
          tooMuch(
            `${called} and required arguments are ${needed} fields of a form`,
            limits.formFields,
            name,
            "Make some arguments `required: false`.",
          ),
        ]
      : []),
  ].map((mistake) => ({ ...mistake, at: "key" }));
}

function wrongArgument({ source, path, name, argument }: Given, { name: platform, limits }: Platform): ConfigProblem[] {
  const { title, help = "", choices = [] } = argument;
  const longest = choices.findIndex((choice) => choice.length > limits.choice);
  const at = (where: Path, mistake: Mistake): ConfigProblem => problemAt(source, [...path, ...where], mistake);
  return [
    ...(limits.name.test(name.toLowerCase())
      ? []
      : [
          at([], {
            message: `\`${name}\` is no name for an argument on ${platform}`,
            remedy: "Use up to 32 letters, digits, - and _.",
            at: "key",
          }),
        ]),
    ...(title.length > limits.label
      ? [at(["title"], tooMuch(`the title has ${title.length} characters`, limits.label, platform, "Shorten it."))]
      : []),
    ...(help.length > limits.help
      ? [at(["help"], tooMuch(`the help has ${help.length} characters`, limits.help, platform, "Shorten it."))]
      : []),
    ...(choices.length > limits.choices
      ? [
          at(
            ["choices"],
            tooMuch(
              `there are ${choices.length} choices`,
              limits.choices,
              platform,
              "Offer fewer, or use `type: text`.",
            ),
          ),
        ]
      : []),
    ...(longest >= 0
      ? [
          at(
            ["choices", longest],
            tooMuch(`a choice has ${choices[longest]?.length} characters`, limits.choice, platform, "Shorten it."),
          ),
        ]
      : []),
  ];
}

/** `run` has a field for every name that an argument has anywhere, and so has `query`: told at the first that is one too many. */
function together(all: readonly Given[], { name, limits }: Platform, of: keyof typeof longCommands): ConfigProblem[] {
  const command = longCommands[of];
  const first = [...new Map(all.toReversed().map((given) => [given.name, given])).values()].toReversed();
  const beyond = first[limits.fields - command.fields];
  const whole = first.map(({ name: own, argument: { title, help = title, choices = [] } }) =>
    [own, help, ...choices].reduce((sum, text) => sum + text.length, 0),
  );
  const heavy = first.find(
    (_given, index) => whole.slice(0, index + 1).reduce((sum, each) => sum + each, 0) > limits.whole,
  );
  const place = (given: Given, mistake: Mistake): ConfigProblem =>
    problemAt(given.source, given.path, { ...mistake, at: "key" });
  return [
    ...(beyond
      ? [
          place(
            beyond,
            tooMuch(
              `the arguments of all ${of} have ${first.length} names, each a field of \`${command.name}\` beside ${command.fields} others`,
              limits.fields,
              name,
              "Give arguments that mean the same the same name.",
            ),
          ),
        ]
      : []),
    ...(heavy
      ? [
          place(
            heavy,
            tooMuch(
              "names, help and choices of all arguments are too long together",
              limits.whole,
              name,
              "Shorten them.",
            ),
          ),
        ]
      : []),
  ];
}

function tooManyCommands(
  systems: readonly Loaded<System>[],
  { name, limits }: Platform,
  builtIn: number,
): ConfigProblem[] {
  const shorts = systems.flatMap(({ source, value }) => [
    ...Object.entries(value.operations).flatMap(([id, { short }]) =>
      short ? [{ source, id, path: ["operations", id, "short"] }] : [],
    ),
    ...value.queries.flatMap(({ id, short }, index) =>
      short ? [{ source, id, path: ["queries", index, "short"] }] : [],
    ),
  ]);
  const named = [...new Map(shorts.toReversed().map((each) => [each.id, each])).values()].toReversed();
  const beyond = named[Math.max(0, limits.commands - builtIn)];
  if (!beyond) return [];
  const mistake = tooMuch(
    `there are ${named.length + builtIn} commands`,
    limits.commands,
    name,
    "Remove `short` from some.",
  );
  return [problemAt(beyond.source, beyond.path, mistake)];
}

function operationArguments({ source, value }: Loaded<System>): Given[] {
  return Object.entries(value.operations).flatMap(([id, operation]) =>
    Object.entries(operation.arguments).map(([name, argument]) => ({
      source,
      path: ["operations", id, "arguments", name],
      name,
      argument,
    })),
  );
}

function queryArguments({ source, value }: Loaded<System>): Given[] {
  return value.queries.flatMap((query, index) =>
    Object.entries(query.arguments).map(([name, argument]) => ({
      source,
      path: ["queries", index, "arguments", name],
      name,
      argument,
    })),
  );
}

function tooMuch(what: string, most: number, platform: string, remedy: string): Mistake {
  return { message: `${what}, and ${platform} takes ${most}`, remedy };
}
