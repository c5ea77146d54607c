import { z } from "zod";
import { type CommandContext, viewerOf } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import type { System } from "../domain/systems/system.ts";
import { nextAt, parseMoment } from "../domain/text/moment.ts";
import { span } from "../domain/text/quantities.ts";
import { parseSpan } from "../domain/text/spoken-span.ts";
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
export function momentField(label: string, help: string, time: "since" | "until" | "named" = "since") {
  return z.string().max(40).meta({ label, help, suggest: "durations", time });
}

/** How far back something reaches, `since:` too. The command reads it with `momentOf`. */
export function rangeField(help: string) {
  return z
    .string()
    .max(40)
    .meta({ label: "Range", help, positional: true, suggest: "durations", time: "since", aliases: ["since"] });
}

/** The longest that is offered where durations are. */
const longestOfferedMs = 7 * 86_400_000;

/** For how long something is to hold. The command reads it with `lastingMs`. */
export function lastingField(mostMs: number, besides = "") {
  return z
    .string()
    .max(20)
    .meta({
      label: "For",
      time: "for",
      help: `30m, 2h, tomorrow (08:00 UTC); ${span(mostMs)} at the most${besides && `; ${besides}`}`,
      ...(mostMs >= longestOfferedMs && { suggest: "durations" as const }),
    });
}

/** What is to hold for less is over before anybody has read that it holds, ms. */
const leastLastingMs = 60_000;

/**
 * How long that is, in ms, of something that begins at `from`. Tomorrow is the next time at which the clocks of UTC show 08:00. Throws
 * UserError where it is no time, less than a minute, or longer than `mostMs`; `instead` is what to do who needs it for longer.
 */
export function lastingMs(
  text: string,
  { from, mostMs, instead }: { readonly from: number; readonly mostMs: number; readonly instead: string },
): number {
  const ms = text.trim().toLowerCase() === "tomorrow" ? nextAt("08:00", from) - from : parseSpan(text);
  const remedy = `Write 30m, 2h, 1d or tomorrow (08:00 UTC): ${span(mostMs)} at the most.`;
  if (ms === undefined) throw new UserError(`for: does not understand ${text}. Nothing was done.`, remedy);
  if (ms < leastLastingMs) throw new UserError(`for:${text} is less than a minute. Nothing was done.`, remedy);
  if (ms > mostMs) throw new UserError(`for:${text} is longer than ${span(mostMs)}. Nothing was done.`, instead);
  return ms;
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
    "Write 90m, 2 hours or 7d for how long ago, 10:30, 3am or yesterday for a time in UTC, or 2026-11-21T10:30Z.",
  );
}
