import { z } from "zod";
import type { Command } from "../../domain/commands/command.ts";
import { Scalar } from "../../domain/systems/values.ts";
import type { Field } from "./field.ts";

const Property = z.object({
  type: z.enum(["string", "integer", "number", "boolean"]),
  label: z.string(),
  help: z.string().default(""),
  multiline: z.boolean().default(false),
  unseen: z.boolean().default(false),
  positional: z.boolean().default(false),
  rest: z.boolean().default(false),
  prose: z.boolean().default(false),
  repeated: z.boolean().default(false),
  needed: z.boolean().default(false),
  everyDigit: z.boolean().default(false),
  suggest: z.string().optional(),
  time: z.enum(["since", "until", "for", "named"]).optional(),
  aliases: z.array(z.string()).optional(),
  alsoCalled: z.array(z.string()).optional(),
  enum: z.array(z.string()).optional(),
  default: Scalar.optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});
type Property = z.output<typeof Property>;

const known = new WeakMap<z.ZodObject, readonly Field[]>();

/** The inputs of a command, in the order its schema declares them. The only reader of zod's JSON schema. */
export function fieldsOf(input: z.ZodObject): readonly Field[] {
  const cached = known.get(input);
  if (cached) return cached;
  const schema = z.toJSONSchema(input, { io: "input" });
  const fields = Object.entries(schema.properties ?? {}).map(([name, json]) =>
    fieldOf(name, Property.parse(json), schema.required?.includes(name) ?? false),
  );
  known.set(input, fields);
  return fields;
}

/** The fields of a command as far as what is given for it narrows them. */
export function fieldsFor(command: Pick<Command, "input" | "inputFor">, given: Given): readonly Field[] {
  return fieldsOf(inputFor(command, given));
}

/** What judges what is given for a command. */
export function inputFor(command: Pick<Command, "input" | "inputFor">, given: Given): z.ZodObject {
  return command.inputFor?.(given) ?? command.input;
}

type Given = Readonly<Record<string, unknown>>;

function fieldOf(name: string, property: Property, required: boolean): Field {
  const min = bound(property.minimum ?? property.minLength);
  const max = bound(property.maximum ?? property.maxLength);
  return {
    name,
    label: property.label,
    help: property.help,
    kind: kindOf(property),
    required,
    ...(property.default !== undefined && { default: property.default }),
    ...(property.enum && { choices: property.enum }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(property.suggest !== undefined && { suggest: property.suggest }),
    ...(property.time && { time: property.time }),
    ...(property.aliases && { aliases: property.aliases }),
    ...(property.alsoCalled && { alsoCalled: property.alsoCalled }),
    ...(property.unseen && { unseen: true }),
    ...(property.positional && { positional: true }),
    ...(property.rest && { rest: true }),
    ...(property.prose && { prose: true }),
    ...(property.repeated && { repeated: true }),
    ...(property.needed && { needed: true }),
    ...(property.everyDigit && { everyDigit: true }),
  };
}

/** zod gives every whole number the bounds of a safe one, which tell a person nothing. */
function bound(value: number | undefined): number | undefined {
  return value === Number.MAX_SAFE_INTEGER || value === Number.MIN_SAFE_INTEGER ? undefined : value;
}

function kindOf(property: Property): Field["kind"] {
  if (property.enum) return "choice";
  if (property.type === "string") return property.multiline || property.repeated ? "paragraph" : "text";
  return property.type;
}
