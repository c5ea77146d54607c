import { isDeepStrictEqual } from "node:util";
import { type REST, Routes } from "discord.js";
import { z } from "zod";
import type { Command } from "../../domain/command.ts";
import { registrations } from "./native/registration.ts";

const Registered = z.array(z.record(z.string(), z.unknown()));

/** Registers the commands in a server when they differ from what stands there. Answers whether they did. */
export async function registerCommands(
  rest: REST,
  to: { readonly application: string; readonly guild: string; readonly commands: readonly Command[] },
): Promise<boolean> {
  const route = Routes.applicationGuildCommands(to.application, to.guild);
  const wanted = registrations(to.commands);
  const there = Registered.parse(await rest.get(route));
  if (isDeepStrictEqual(comparable(there), comparable(JSON.parse(JSON.stringify(wanted))))) return false;
  await rest.put(route, { body: wanted });
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
