import { type SectionOptions } from "../../domain/digests/digest.ts";
import { sectionKeys } from "../../domain/digests/section.ts";
import type { System } from "../../domain/systems/system.ts";
import type { ConfigProblem, Path } from "../problem.ts";
import { problemAt, type SourceText } from "../source.ts";
import type { Files } from "./files.ts";
import { type Named, repeated, unknownName } from "./names.ts";
import { wrongChannels } from "./shown-channels.ts";

interface DigestAt {
  readonly name: string;
  readonly source: SourceText;
  readonly path: Path;
  readonly channels: readonly string[];
  readonly channelsAt: Path;
  /** Where the channels stand, when not beside the digest. */
  readonly channelsIn: SourceText;
  /** Undefined for every one. */
  readonly systems: readonly string[] | undefined;
  readonly sections: readonly SectionOptions[];
}

/** Digests that name what is not there, that are called alike, or that are posted where their systems are not shown. */
export function checkDigests(files: Files): ConfigProblem[] {
  const digests = digestsIn(files);
  return [
    ...repeated(
      digests.map(({ name, source, path }): Named => ({ name, source, path: [...path, "id"] })),
      "a digest",
    ),
    ...(files.everySystem ? postsOfNothing(files) : []),
    ...digests.flatMap((digest) => [...hiddenChannels(files, digest), ...wrongSections(files, digest)]),
  ];
}

function digestsIn({ wardroom, systems }: Files): readonly DigestAt[] {
  const own = wardroom?.value.digests.own ?? [];
  const post = wardroom?.value.digests.post ?? {};
  return [
    ...own.map((digest, at): DigestAt => {
      const path = ["digests", "own", at];
      const { source } = wardroom ?? { source: undefined };
      if (!source) throw new TypeError("a digest stands in a file");
      const { id, channels, systems: of, sections } = digest;
      return {
        name: id,
        source,
        path,
        channels,
        channelsAt: [...path, "channels"],
        channelsIn: source,
        systems: of,
        sections,
      };
    }),
    ...systems.flatMap(({ source, value: system }) =>
      system.digests.map((digest, at): DigestAt => {
        const path = ["digests", at];
        const isPosted = digest.channels === undefined && wardroom !== undefined;
        return {
          name: `${system.id}-${digest.id}`,
          source,
          path,
          channels: digest.channels ?? post[system.id] ?? [],
          channelsAt: isPosted ? ["digests", "post", system.id] : [...path, "channels"],
          channelsIn: isPosted ? wardroom.source : source,
          systems: [system.id],
          sections: digest.sections.map((section) => ({ system: system.id, ...section })),
        };
      }),
    ),
  ];
}

function postsOfNothing({ wardroom, systems }: Files): ConfigProblem[] {
  if (!wardroom) return [];
  const { source, value } = wardroom;
  const known = systems.map((system) => system.value.id);
  const channels = value.channels.map(({ id }) => id);
  // Where a digest is posted to them they are judged with it.
  const posting = systems.filter((system) => system.value.digests.some((digest) => digest.channels === undefined));
  const judged = new Set(posting.map((system) => system.value.id));
  return Object.entries(value.digests.post).flatMap(([id, names]) => {
    const path = ["digests", "post", id];
    const unknown = unknownName({ name: id, source, path }, known, "system");
    if (judged.has(id)) return unknown;
    return [
      ...unknown,
      ...names.flatMap((name, at) => unknownName({ name, source, path: [...path, at] }, channels, "channel")),
    ];
  });
}

/** What a digest says of a system is shown where that system may be read. */
function hiddenChannels(files: Files, { name, channels, channelsIn, channelsAt, systems }: DigestAt): ConfigProblem[] {
  const named = channels.map(
    (channel, at): Named => ({ name: channel, source: channelsIn, path: [...channelsAt, at] }),
  );
  return wrongChannels(files, named, {
    systems: systems ?? files.systems.map(({ value }) => value.id),
    about: `the digest \`${name}\``,
    remedy: "Name a channel that does, or leave these systems out of the digest.",
  });
}

function wrongSections({ systems, everySystem }: Files, digest: DigestAt): ConfigProblem[] {
  const ids = systems.map(({ value }) => value.id);
  const of = digest.systems ?? ids;
  const { source } = digest;
  return digest.sections.flatMap((section, at) => {
    const path = [...digest.path, "sections", at];
    if (section.system === undefined) {
      if (!sectionKeys[section.section].needs.includes("system")) return [];
      const message = `a section ${section.section} has to say of which system`;
      return [problemAt(source, path, { message, remedy: "Add system: with the id of one." })];
    }
    if (everySystem && !of.includes(section.system))
      return unknownName({ name: section.system, source, path: [...path, "system"] }, of, "system of this digest");
    const system = systems.find(({ value }) => value.id === section.system)?.value;
    return system ? wrongNamesIn(section, system, { source, path }) : [];
  });
}

function wrongNamesIn(
  section: SectionOptions,
  system: System,
  { source, path }: { readonly source: SourceText; readonly path: Path },
): ConfigProblem[] {
  const each = (key: string, names: readonly string[] | undefined, known: readonly string[], what: string) =>
    (names ?? []).flatMap((name, at) => unknownName({ name, source, path: [...path, key, at] }, known, what));
  const one = (key: string, name: string | undefined, known: readonly string[]) =>
    name === undefined ? [] : unknownName({ name, source, path: [...path, key] }, known, key);
  return [
    ...each("metrics", section.metrics, idsOf(system.metrics), "metric"),
    ...each("facts", section.facts, idsOf(system.facts), "fact"),
    ...one("log", section.log, idsOf(system.logs)),
    ...one("query", section.query, idsOf(system.queries)),
  ];
}

function idsOf(items: readonly { readonly id: string }[]): string[] {
  return items.map(({ id }) => id);
}
