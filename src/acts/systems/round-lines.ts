import type { RoundLine } from "../../domain/systems/follow.ts";
import type { LogLine } from "../../domain/systems/logs.ts";
import { canonical, sha256 } from "../../records/ids.ts";

/** As much of a line is kept as a message shows. */
const longestText = 320;

/**
 * Lines that a search has found, newest first, as they are followed: oldest first, each with what tells it from the others. Where
 * it comes from does not, because a file has another name once it was rotated. `undated` is for lines whose time nobody knows.
 */
export function roundLines(lines: readonly LogLine[], undated: number): RoundLine[] {
  return lines.toReversed().map(({ at, after, level, text, fields }) => {
    const sortAt = at ?? after ?? undated;
    // What has no time is the same line at whatever time it is read.
    const mark = sha256(canonical({ sortAt: at ?? after ?? 0, text, fields: fields ?? {} })).slice(0, 16);
    return {
      mark,
      sortAt,
      ...(at !== undefined && { at }),
      ...(level !== undefined && { level }),
      text: text.slice(0, longestText),
      ...(fields && { fields: cutFields(fields) }),
    };
  });
}

function cutFields(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value.slice(0, longestText)]));
}
