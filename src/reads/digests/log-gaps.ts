import type { DigestLine } from "../../domain/digests/section.ts";
import type { LogResult } from "../../domain/systems/logs.ts";

/** What of a log was not read: what was counted may be less than there is. */
export function gapLines({ gaps }: Pick<LogResult, "gaps">): readonly DigestLine[] {
  return gaps.map((gap): DigestLine => {
    switch (gap.why) {
      case "time":
        return { text: "Not all of the log could be read in time: there may be more", tone: "unknown" };
      case "cut":
        return { text: `Only the newest lines of ${gap.origin} were read: there may be more`, tone: "unknown" };
      case "trouble":
        return { text: `${gap.origin}: unavailable, ${gap.detail}`, tone: "unknown" };
      case "left out":
        return { text: `${gap.origin} was left out`, tone: "unknown" };
    }
  });
}
