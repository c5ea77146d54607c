import { z } from "zod";
import { type CommandContext, viewerOf } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import type { System } from "../domain/systems/system.ts";
import { parseMoment } from "../domain/text/moment.ts";
import { unknownSystem, visibleSystems } from "../reads/visible-systems.ts";

/** The field that names a system, typed without a key. */
export const system = z
  .string()
  .min(1)
  .max(40)
  .meta({ label: "System", help: "Which system", positional: true, suggest: "systems" });

/** A request by its code, typed without a key. */
export const request = z
  .string()
  .min(4)
  .max(40)
  .meta({ label: "Request", help: "The code on its card", positional: true, suggest: "requests" });
/** A point in time: how long ago, a time of the day, or a date. The command reads it with `momentOf`. */
export function momentField(label: string, help: string) {
  return z.string().max(40).meta({ label, help, suggest: "durations" });
}

/** The system named, or a UserError that offers the nearest one. */
export function systemNamed(context: CommandContext, name: string): System {
  const found = context.systems.find(name.toLowerCase());
  if (found && readableSystems(context).includes(found)) return found;
  throw unknownSystem(context.systems, viewerOf(context), name);
}

/** Systems this person may read here. */
export function readableSystems(context: CommandContext): readonly System[] {
  return visibleSystems(context.systems, viewerOf(context));
}

/** The point in time that a field says, in ms, or a UserError that shows how to write one. */
export function momentOf(field: string, text: string, now: number): number {
  const at = parseMoment(text, now);
  if (at !== undefined && at <= now) return at;
  if (at !== undefined) throw new UserError(`${field}:${text} is still to come.`, "Give a time that has passed.");
  throw new UserError(
    `${field}: does not understand ${text}.`,
    "Write 90m, 2h30m or 7d for how long ago, 10:30 for a time in UTC, or 2026-11-21T10:30Z.",
  );
}
