import { z } from "zod";
import { UserError } from "../domain/failure.ts";
import { ownValue } from "../domain/own-value.ts";
import { type ArgumentValue, numberWritten } from "../domain/systems/exact.ts";
import type { Argument } from "../domain/systems/operation.ts";
import type { ArgumentValues } from "../domain/systems/placeholders.ts";
import type { System } from "../domain/systems/system.ts";

type Fields = Record<string, z.ZodType>;

/** An operation or a query: what is asked for with arguments. */
interface Asked {
  readonly arguments: Readonly<Record<string, Argument>>;
}

/** What each system's own is asked with: each is one schema, made when it is first looked for, so that its fields are read out of it once. */
export class ExactInputs<Kind extends Asked> {
  readonly #asked: ReadonlyMap<string, Kind>;
  readonly #inputOf: (asked: Kind) => z.ZodObject;
  readonly #inputs = new Map<Kind, z.ZodObject>();

  constructor(
    systems: readonly System[],
    of: (system: System) => Iterable<readonly [string, Kind]>,
    inputOf: (asked: Kind) => z.ZodObject,
  ) {
    this.#inputOf = inputOf;
    this.#asked = new Map(
      systems.flatMap((system) =>
        [...of(system)].flatMap(([id, asked]) =>
          [system.id, ...system.aliases].map((name): [string, Kind] => [`${name} ${id}`, asked]),
        ),
      ),
    );
  }

  find(system: unknown, id: unknown): z.ZodObject | undefined {
    const asked = this.#asked.get(`${String(system).trim().toLowerCase()} ${String(id)}`);
    if (!asked) return undefined;
    const input = this.#inputs.get(asked) ?? this.#inputOf(asked);
    this.#inputs.set(asked, input);
    return input;
  }
}

/**
 * The names of what one of these has to be given, in the order in which it is typed once its system is named: `scale logos gateway
 * 2`, `scale pulseguard 2`. None where another has the names that both have in another order, because then the same words would
 * mean one thing on one system and another on the next.
 */
export function typedInOrder(operation: Asked, among: readonly Asked[]): readonly string[] {
  const own = requiredNames(operation);
  const agrees = (names: readonly string[]): boolean => shared(own, names).join(" ") === shared(names, own).join(" ");
  return among.every((each) => agrees(requiredNames(each))) ? own : [];
}

function shared(names: readonly string[], others: readonly string[]): readonly string[] {
  return names.filter((name) => others.includes(name));
}

/** The same while no system is named: none where they differ. */
export function typedInOrderOfAll(operations: readonly Asked[]): readonly string[] {
  const [first = [], ...others] = operations.map(requiredNames);
  return others.every((names) => names.join(" ") === first.join(" ")) ? first : [];
}

function requiredNames(asked: Asked): readonly string[] {
  return Object.entries(asked.arguments).flatMap(([name, { required }]) => (required ? [name] : []));
}

/** The fields of an operation's arguments, exactly as its system has them. `inOrder` are those that need no key. */
export function exactFields(operation: Asked, inOrder: readonly string[] = []): Fields {
  return Object.fromEntries(
    Object.entries(operation.arguments).map(([name, argument]) => {
      const field = described(typeOf(argument), [argument], inOrder.includes(name));
      return [name, argument.required ? field : field.optional()];
    }),
  );
}

/**
 * The fields of several operations' arguments, each as loose as the loosest of its name: what is asked for is not known
 * yet, and no system's argument may keep another's from being given.
 */
export function loosestFields(operations: readonly Asked[], inOrder: readonly string[] = []): Fields {
  const named = Map.groupBy(
    operations.flatMap((operation) => Object.entries(operation.arguments)),
    ([name]) => name,
  );
  return Object.fromEntries(
    [...named].map(([name, entries]) => {
      const all = entries.map(([, argument]) => argument);
      const field = described(loosestType(all), all, inOrder.includes(name));
      // Each of them wants it, whichever is meant.
      const needed = all.length === operations.length && all.every(({ required }) => required);
      return [name, field.meta({ ...field.meta(), ...(needed && { needed }) }).optional()];
    }),
  );
}

/** What has to be given, as it is typed: `backup:… `. */
export function requiredArguments(asked: Asked | undefined): string {
  return Object.entries(asked?.arguments ?? {})
    .filter(([, argument]) => argument.required)
    .map(([name]) => `${name}:… `)
    .join("");
}

/** The values of an operation's arguments in what was given. Throws UserError when they are not what its system takes. */
export function argumentValues(operation: Asked, given: Readonly<Record<string, unknown>>): ArgumentValues {
  const values: Record<string, ArgumentValue> = {};
  for (const [name, argument] of Object.entries(operation.arguments)) {
    const value = ownValue(given, name);
    // An address would take these for a step upwards.
    if (value === "." || value === "..") throw new UserError(`${argument.title} may not be ${value}.`);
    if (value === undefined) {
      if (argument.required) throw new UserError(`${argument.title} is missing.`, `Add ${name}:… to the command.`);
      continue;
    }
    const read = typeOf(argument).safeParse(value).data;
    if (read === undefined)
      throw new UserError(`${argument.title} is not one that this system takes.`, `Ask again with another ${name}.`);
    values[name] = argument.type === "integer" ? numberWritten(String(read), Number(read)) : read;
  }
  return values;
}

function described(type: z.ZodType, all: readonly Argument[], positional: boolean): z.ZodType {
  const [first] = all;
  const listed = all.find((argument) => argument.from !== undefined);
  const list = listed?.offers ?? listed?.from;
  return type.meta({
    label: first?.title ?? "",
    ...(positional && { positional }),
    ...(first?.help && { help: first.help }),
    ...(list !== undefined && { suggest: `list:${list}` }),
  });
}

function typeOf(argument: Argument): z.ZodType<string | number> {
  switch (argument.type) {
    case "choice":
      return z.enum(argument.choices ?? []);
    case "integer":
      return wholeNumber(argument);
    case "text":
      return z
        .string()
        .min(argument.min ?? 1)
        .max(argument.max ?? longestText);
  }
}

/** One that a double would alter comes as its digits. To people both are one field. */
function wholeNumber({ min, max }: Argument): z.ZodType<string | number> {
  const within = z
    .int()
    .min(min ?? Number.MIN_SAFE_INTEGER)
    .max(max ?? Number.MAX_SAFE_INTEGER);
  const digits = z
    .string()
    .max(longestNumber)
    .refine((text) => /^-?[1-9]\d{15,}$/.test(text) && isWithin(BigInt(text), { min, max }));
  const bounds = { ...(min !== undefined && { minimum: min }), ...(max !== undefined && { maximum: max }) };
  return z.union([within, digits]).meta({ type: "integer", everyDigit: true, ...bounds });
}

/** Longer than any id or amount that is a number: 2^256 has 78 digits. */
const longestNumber = 80;

function isWithin(value: bigint, { min, max }: Pick<Argument, "min" | "max">): boolean {
  return (min === undefined || value >= min) && (max === undefined || value <= max);
}

/** How long a text may be when its argument does not say. */
const longestText = 200;

/** Of one type the bounds are the widest and the choices are all of them; of several types it is a text. */
function loosestType(all: readonly Argument[]): z.ZodType<string | number> {
  const [first] = all;
  const texts = all.filter(({ type }) => type === "text");
  const longest = Math.max(longestText, ...texts.map(({ max }) => max ?? 0));
  if (!first || all.some(({ type }) => type !== first.type)) return z.string().min(1).max(longest);
  const choices = [...new Set(all.flatMap((argument) => argument.choices ?? []))];
  const bounds = { min: widest(all, "min"), max: first.type === "text" ? longest : widest(all, "max") };
  return typeOf({ ...first, choices, ...bounds });
}

/** One without a bound leaves all of them without. */
function widest(all: readonly Argument[], bound: "min" | "max"): number | undefined {
  const bounds = all.map((argument) => argument[bound] ?? (bound === "min" ? -Infinity : Infinity));
  const widestBound = bound === "min" ? Math.min(...bounds) : Math.max(...bounds);
  return Number.isFinite(widestBound) ? widestBound : undefined;
}
