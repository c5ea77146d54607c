import { z } from "zod";
import type { Firing, FiringAlert } from "../domain/alerts/firing.ts";
import { type CommandContext, viewerOf } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import { accountsOf } from "../domain/people/person.ts";
import { may } from "../domain/people/viewer.ts";
import { firingNow } from "../reads/firing.ts";
import { lastTold } from "../reads/last-told.ts";
import { readableSystems } from "./fields.ts";

/** Alerts by their codes. */
export const namedAlerts = z.string().min(8).max(2_000).meta({
  label: "Alerts",
  help: "The code beside the alert; several with spaces between",
  positional: true,
  rest: true,
  suggest: "alerts",
});

/** The last that were told where it is asked, when left out; or conditions, whose alerts are shown first. */
export const lastAlerts = z
  .string()
  .min(3)
  .max(2_000)
  .optional()
  .meta({
    ...namedAlerts.meta(),
    help: "Codes, or conditions: system=… severity=…; the last that was told here when left out",
  });

/** Those that are about something, shown before anything is done. */
export const aboutAlerts = z
  .string()
  .min(1)
  .max(100)
  .optional()
  .meta({ label: "About", help: "Words that their text holds; they are shown first" });

/** What is done where one that is named fires no more; a button that was shown a while ago leaves it out. */
export const goneAlerts = z.enum(["refuse", "skip"]).default("refuse").meta({
  label: "Gone",
  help: "skip: leave out what fires no more",
  unseen: true,
});

/** Codes of the alerts that were told last, here or to whoever asks, and that nobody has. Throws UserError where there are none. */
export async function lastToldCodes({ store, invocation: { person, place } }: CommandContext): Promise<string> {
  const codes = await lastTold(store, { accounts: accountsOf(person), place });
  if (codes.length > 0) return codes.join(" ");
  throw new UserError(
    "No alert was told here, or to you, that still fires and that nobody has. Nothing was done.",
    "alerts lists what fires, each with its code.",
  );
}

interface Naming {
  readonly right?: "read" | "respond";
  /** What is done with a code of which nothing fires. */
  readonly gone?: "refuse" | "skip";
}

/** The firing alerts with these codes, on the system of each of which the person has the right. All or none. */
export async function alertsNamed(
  context: CommandContext,
  text: string,
  naming: Naming = {},
): Promise<readonly FiringAlert[]> {
  return (await alertsAmong(context, text, naming)).found;
}

/** The same, with everything that fires on what the person may read. */
export async function alertsAmong(
  context: CommandContext,
  text: string,
  { right = "respond", gone = "refuse" }: Naming = {},
): Promise<{ readonly found: readonly FiringAlert[]; readonly firing: readonly FiringAlert[] }> {
  const codes = [...new Set(text.toLowerCase().split(/[\s,]+/))].filter((code) => code !== "");
  if (codes.length === 0) throw noAlertNamed();
  const firing = await firingNow(context, readableSystems(context));
  const found = codes.flatMap((code) => {
    const [alert, ...others] = firing.alerts.filter((each) => each.code === code);
    if (others.length > 0) throw severalNamed(code);
    if (!alert && gone === "skip") return [];
    return [alert ?? unknown(code, firing)];
  });
  const [first = ""] = codes;
  if (found.length === 0) unknown(first, firing);
  for (const { system } of found) {
    const verdict = may(viewerOf(context), right, system);
    if (!verdict.allowed) throw new UserError(verdict.why, verdict.remedy);
  }
  return { found, firing: firing.alerts };
}

function severalNamed(code: string): UserError {
  return new UserError(
    `${code} is the code of more than one alert that fires. Nothing was done.`,
    "Tell whoever runs Wardroom: sources have to call their alerts something else.",
  );
}

export function noAlertNamed(): UserError {
  return new UserError("That names no alert.", "alerts lists what fires, each with its code.");
}

function unknown(code: string, { unreadWatched: unread, watched }: Firing): never {
  const why = unread === 0 ? "" : ` ${unread} of ${watched} sources and rules could not be read: it may fire there.`;
  throw new UserError(
    `No alert ${code} is firing that you may see here.${why} Nothing was done.`,
    "alerts lists what fires, each with its code.",
  );
}
