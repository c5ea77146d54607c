import { momentIn } from "../../domain/alerts/quiet-time.ts";
import { readMatchers } from "../../domain/alerts/read-matchers.ts";
import { type AlertsInFile, matcherTexts } from "../../domain/alerts/routing.ts";
import { concernedBy } from "../../domain/alerts/window-times.ts";
import { UserError } from "../../domain/failure.ts";
import { span } from "../../domain/text/quantities.ts";
import type { ConfigProblem, Path } from "../problem.ts";
import { problemAt } from "../source.ts";
import type { Files } from "./files.ts";
import { type Named, repeated, unknownName } from "./names.ts";
import { wrongChannels } from "./shown-channels.ts";

/** Windows that are told where nobody reads, or that are not as the system's own file wants them. */
export function checkMaintenance(files: Files): ConfigProblem[] {
  const { wardroom, systems, everySystem } = files;
  const doubled = systems.flatMap(({ source, value }) =>
    repeated(
      (value.maintenance?.windows ?? []).map(
        ({ id }, at): Named => ({ name: id, source, path: ["maintenance", "windows", at, "id"] }),
      ),
      "a window",
    ),
  );
  if (!wardroom) return doubled;
  const { source, value } = wardroom;
  const ids = systems.map((each) => each.value.id);
  const known = everySystem ? Object.keys(value.alerts.announce) : [];
  return [
    ...doubled,
    ...known.flatMap((name) => unknownName({ name, source, path: ["alerts", "announce", name] }, ids, "system")),
    ...announcedIn(files).flatMap((each) => hiddenChannels(files, { ...each, source })),
    ...value.alerts.maintenance.flatMap((window, at) => beyondLimits(files, window, ["alerts", "maintenance", at])),
  ];
}

interface Announced {
  readonly channels: readonly string[];
  readonly systems: readonly string[];
  readonly path: Path;
}

function announcedIn({ wardroom, systems }: Files): readonly Announced[] {
  const ids = systems.map(({ value }) => value.id);
  const { announce = {}, maintenance = [] } = wardroom?.value.alerts ?? {};
  return [
    ...Object.entries(announce).map(([system, channels]) => ({
      channels,
      systems: [system],
      path: ["alerts", "announce", system],
    })),
    ...maintenance.map((window, at) => ({
      channels: window.announce,
      systems: systemsIn(window, ids),
      path: ["alerts", "maintenance", at, "announce"],
    })),
  ];
}

/** What is told of a window is shown where its systems may be read. */
function hiddenChannels(
  files: Files,
  { source, channels, systems, path }: Announced & Pick<Named, "source">,
): ConfigProblem[] {
  const named = channels.map((name, at): Named => ({ name, source, path: [...path, at] }));
  return wrongChannels(files, named, { systems, about: "the window", remedy: "Name a channel that does." });
}

type WindowInFile = AlertsInFile["maintenance"][number];

/** What comes once is held to what its systems' files say of emergency maintenance. */
function beyondLimits({ wardroom, systems }: Files, window: WindowInFile, path: Path): ConfigProblem[] {
  if (!wardroom || window.from === undefined || window.to === undefined) return [];
  const { source } = wardroom;
  const lasts = momentIn(window.to) - momentIn(window.from);
  const concerned = systemsIn(
    window,
    systems.map(({ value }) => value.id),
  );
  return systems.flatMap(({ value: { id, maintenance } }) => {
    const limits = concerned.includes(id) ? maintenance?.emergency : undefined;
    if (!limits) return [];
    const { longest, ahead, rollback } = limits;
    const isLong = longest !== undefined && lasts > longest;
    const isLate = ahead !== undefined && window.ahead < ahead;
    return [
      ...(isLong
        ? [
            problemAt(source, [...path, "to"], {
              message: `the window lasts ${span(lasts)}, and one of \`${id}\` that comes once may last ${span(longest)}`,
              remedy: "End it earlier, or make several with people told of each.",
            }),
          ]
        : []),
      ...(isLate
        ? [
            problemAt(source, [...path, "ahead"], {
              message: `the window is told ${span(window.ahead)} ahead, and one of \`${id}\` that comes once is told ${span(ahead)} ahead`,
              remedy: "Tell it as early, or leave `ahead` out.",
            }),
          ]
        : []),
      ...(ahead !== undefined && window.announce.length === 0
        ? [
            problemAt(source, path, {
              message: `the window is told nowhere, and one of \`${id}\` that comes once has to be told`,
              remedy: "Add `announce:` with the channels.",
            }),
          ]
        : []),
      ...(rollback && window.rollback === undefined
        ? [
            problemAt(source, path, {
              message: `the window does not say how what is done in it is taken back, and one of \`${id}\` that comes once has to`,
              remedy: "Add `rollback:` with a sentence.",
            }),
          ]
        : []),
    ];
  });
}

/** The systems that its conditions can be about; none of conditions that are none, which are told elsewhere. */
function systemsIn({ match }: WindowInFile, systems: readonly string[]): readonly string[] {
  try {
    return concernedBy({ match: matcherTexts(match).flatMap((text) => readMatchers(text).matchers) }, systems);
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}
