import { dirname, resolve } from "node:path";
import type { OnCallInFile } from "../domain/oncall/rotation.ts";
import type { Files } from "./checks/files.ts";
import type { ConfigProblem } from "./problem.ts";
import { readFileText } from "./read-file.ts";
import { problemAt } from "./source.ts";

/** With the calendars of rotations where they are: they are named from the folder of the file that names them. */
export function withCalendarFiles({ rotations, ...rest }: OnCallInFile, folder: string): OnCallInFile {
  return {
    ...rest,
    rotations: rotations.map(({ calendar, ...rotation }) => ({
      ...rotation,
      ...(calendar && {
        calendar: calendar.file === undefined ? calendar : { ...calendar, file: resolve(folder, calendar.file) },
      }),
    })),
  };
}

/** Calendars that are not there. A warning: they are read again and again, and may be put there later. */
export async function checkCalendars({ wardroom }: Files): Promise<ConfigProblem[]> {
  if (!wardroom) return [];
  const { source, value } = wardroom;
  const looks = value.oncall.rotations.map(async ({ calendar }, index): Promise<ConfigProblem[]> => {
    if (calendar?.file === undefined) return [];
    const path = resolve(dirname(source.file), calendar.file);
    const read = await readFileText(path);
    if (!("problem" in read)) return [];
    const message = `the calendar ${path} cannot be read: ${read.problem.message}`;
    const remedy = "Name it from the folder of this file, and let the bot's user read it.";
    return [
      problemAt(source, ["oncall", "rotations", index, "calendar", "file"], { severity: "warning", message, remedy }),
    ];
  });
  return (await Promise.all(looks)).flat();
}
