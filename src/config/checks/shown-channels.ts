import { hiddenIn } from "../../domain/people/policy.ts";
import type { ConfigProblem } from "../problem.ts";
import { problemAt } from "../source.ts";
import type { Files } from "./files.ts";
import { type Named, unknownName } from "./names.ts";

/** Channels that are not there, or that do not show what is told in them of these systems. `about` says what that is. */
export function wrongChannels(
  { wardroom }: Files,
  named: readonly Named[],
  told: { readonly systems: readonly string[]; readonly about: string; readonly remedy: string },
): ConfigProblem[] {
  if (!wardroom) return [];
  const { channels } = wardroom.value;
  const ids = channels.map(({ id }) => id);
  return named.flatMap((each) => {
    const channel = channels.find(({ id }) => id === each.name);
    if (!channel) return unknownName(each, ids, "channel");
    const hidden = hiddenIn(channel, told.systems);
    if (hidden.length === 0 && channel.allow.includes("read")) return [];
    const message = `\`${each.name}\` does not show ${hidden.join(", ") || "any system"}, which ${told.about} is about`;
    return [problemAt(each.source, each.path, { message, remedy: told.remedy })];
  });
}
