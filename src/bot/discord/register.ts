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
  return !isDeepStrictEqual(comparable(there), comparable(wanted));
}

/** Registers the commands in a server when they differ from what stands there. Answers whether they did. */
export async function registerCommands(rest: REST, to: Registering): Promise<boolean> {
  if (!(await commandsDiffer(rest, to))) return false;
  await rest.put(Routes.applicationGuildCommands(to.application, to.guild), { body: registrations(to.commands) });
  return true;
}

/** What we say of a command, without what Discord adds to it or leaves out. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  const said = Object.entries(value).filter(
    ([key, each]) =>
      [
        "name",
        "description",
        "type",
        "options",
        "choices",
        "value",
        "required",
        "autocomplete",
        "min_value",
        "max_value",
      ].includes(key) &&
      each !== false &&
      !(Array.isArray(each) && each.length === 0),
  );
  return Object.fromEntries(said.map(([key, each]) => [key, comparable(each)]));
}
