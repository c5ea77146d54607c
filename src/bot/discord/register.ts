import { isDeepStrictEqual } from "node:util";
import { type REST, Routes } from "discord.js";
import { z } from "zod";
import type { Command } from "../../domain/commands/command.ts";
import { registrations } from "./native/registration.ts";

const Registered = z.array(z.record(z.string(), z.unknown()));

export interface Registering {
  readonly application: string;
  readonly guild: string;
  readonly commands: readonly Command[];
}

/** Are other commands registered in the server than these? */
export async function commandsDiffer(rest: REST, { application, guild, commands }: Registering): Promise<boolean> {
  const there = Registered.parse(await rest.get(Routes.applicationGuildCommands(application, guild)));
  const wanted: unknown = JSON.parse(JSON.stringify(registrations(commands)));
  return !isDeepStrictEqual(inOrder(there), inOrder(Registered.parse(wanted)));
}

/** Registers the commands in a server when they differ from what stands there. Answers whether they did. */
export async function registerCommands(rest: REST, to: Registering): Promise<boolean> {
  if (!(await commandsDiffer(rest, to))) return false;
  await rest.put(Routes.applicationGuildCommands(to.application, to.guild), { body: registrations(to.commands) });
  return true;
}

/** Discord keeps them in an order of its own. */
function inOrder(commands: z.output<typeof Registered>): unknown {
  return comparable(commands.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)));
}

function keyOf({ type = 1, name }: Readonly<Record<string, unknown>>): string {
  return `${String(type)} ${String(name)}`;
}

/** What can be said of a command. Where it may be used is not: a command of one server is used in that server. */
const sayable: readonly string[] = [
  "name",
  "name_localizations",
  "description",
  "description_localizations",
  "type",
  "options",
  "choices",
  "value",
  "required",
  "autocomplete",
  "min_value",
  "max_value",
  "min_length",
  "max_length",
  "channel_types",
  "default_member_permissions",
  "nsfw",
];

/** A command as far as it says something: Discord adds ids, and writes down or leaves out what goes without saying. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  const said = Object.entries(value).filter(([key, each]) => sayable.includes(key) && saysSomething(each));
  return Object.fromEntries(said.map(([key, each]) => [key, comparable(each)]));
}

function saysSomething(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return value !== false && value !== "" && value !== null && value !== undefined;
}
