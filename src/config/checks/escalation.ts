import { readMatchers } from "../../domain/alerts/read-matchers.ts";
import type { EscalationContact } from "../../domain/escalation/escalation-file.ts";
import { type EscalationMatrix, matrixOf } from "../../domain/escalation/matrix.ts";
import { UserError } from "../../domain/failure.ts";
import { ownValue } from "../../domain/own-value.ts";
import type { System } from "../../domain/systems/system.ts";
import type { ConfigProblem, Path } from "../problem.ts";
import { problemAt, type SourceText } from "../source.ts";
import type { Files, Loaded } from "./files.ts";
import { repeated, unknownName } from "./names.ts";

/** A contact as a file has it, and where. */
interface Written {
  readonly contact: EscalationContact;
  readonly source: SourceText;
  readonly path: Path;
}

/** Escalations that would call nobody, or somebody who is not there. */
export function checkEscalations(files: Files): ConfigProblem[] {
  const { wardroom, systems } = files;
  const own = systems.flatMap(({ source, value }): Written[] =>
    Object.entries(value.escalation?.contacts ?? {}).map(([name, contact]) => ({
      contact,
      source,
      path: ["escalation", "contacts", name],
    })),
  );
  const here = Object.entries(wardroom?.value.oncall.contacts ?? {}).flatMap(([system, contacts]): Written[] =>
    Object.entries(contacts).flatMap(([name, contact]) =>
      wardroom ? [{ contact, source: wardroom.source, path: ["oncall", "contacts", system, name] }] : [],
    ),
  );
  return [
    ...systems.flatMap(wrongMatrix),
    ...[...own, ...here].flatMap((each) => [...unknownIn(files, each), ...unanswerable(files, each)]),
    ...contactsOfNothing(files),
    ...levelsOfNobody(files),
  ];
}

function wrongMatrix({ source, value }: Loaded<System>): ConfigProblem[] {
  const { escalation } = value;
  if (!escalation) return [];
  const known = Object.keys(escalation.contacts);
  return [
    ...repeated(
      escalation.classes.map(({ id }, index) => ({ name: id, source, path: ["escalation", "classes", index, "id"] })),
      "a class",
    ),
    ...escalation.classes.flatMap(({ match, levels }, index) => [
      ...(match === undefined ? [] : wrongMatch(source, match, ["escalation", "classes", index, "match"])),
      ...levels.flatMap(({ contacts }, level) =>
        contacts.flatMap((name, place) =>
          unknownName(
            { name, source, path: ["escalation", "classes", index, "levels", level, "contacts", place] },
            known,
            "contact",
          ),
        ),
      ),
    ]),
  ];
}

function wrongMatch(source: SourceText, match: string, path: Path): ConfigProblem[] {
  try {
    readMatchers(match);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [
      problemAt(source, path, {
        message: error.message.replace(/\.$/, ""),
        remedy: error.remedy ?? "Write it as Alertmanager does.",
      }),
    ];
  }
}

function unknownIn({ wardroom, people }: Files, { contact, source, path }: Written): ConfigProblem[] {
  if (!wardroom) return [];
  const { roles, channels, oncall } = wardroom.value;
  const rotations = oncall.rotations.map(({ id }) => id);
  const each = (names: readonly string[] | undefined, key: string, known: readonly string[], what: string) =>
    (names ?? []).flatMap((name, at) => unknownName({ name, source, path: [...path, key, at] }, known, what));
  return [
    ...(people
      ? each(contact.people, "people", [...people.value.people.map(({ id }) => id), ...rotations], "person or rotation")
      : []),
    ...each(
      contact.roles,
      "roles",
      roles.map(({ id }) => id),
      "role",
    ),
    ...each(
      contact.channels,
      "channels",
      channels.map(({ id }) => id),
      "channel",
    ),
  ];
}

/** Whoever is written to alone could not say there that they have it. */
function unanswerable({ wardroom }: Files, { contact, source, path }: Written): ConfigProblem[] {
  if (!wardroom || !contact.by?.includes("direct") || wardroom.value.direct.allow.includes("respond")) return [];
  const message = "they are written to directly, where nobody may press “I have it”";
  const remedy = "Add `respond` to `direct: allow` in wardroom.yaml.";
  return [problemAt(source, [...path, "by"], { message, remedy, severity: "warning" })];
}

function contactsOfNothing({ wardroom, systems, everySystem }: Files): ConfigProblem[] {
  if (!wardroom || !everySystem) return [];
  const { source, value } = wardroom;
  return Object.entries(value.oncall.contacts).flatMap(([system, contacts]) => {
    const path: Path = ["oncall", "contacts", system];
    const found = systems.find((each) => each.value.id === system)?.value;
    if (!found)
      return unknownName(
        { name: system, source, path },
        systems.map((each) => each.value.id),
        "system",
      );
    const known = Object.keys(found.escalation?.contacts ?? {});
    return Object.keys(contacts).flatMap((name) =>
      unknownName({ name, source, path: [...path, name] }, known, `contact of ${system}`),
    );
  });
}

/** Told where alerts are routed at all: elsewhere nothing is escalated. */
function levelsOfNobody({ wardroom, systems }: Files): ConfigProblem[] {
  if (!wardroom || wardroom.value.alerts.routes.length === 0) return [];
  const { alerts, oncall } = wardroom.value;
  return systems.flatMap((system) => {
    const { source, value } = system;
    const { id, escalation } = value;
    if (!escalation || wrongMatrix(system).length > 0) return [];
    const matrix = matrixOf(id, escalation, { contacts: oncall.contacts, onCall: ownValue(alerts.onCall, id) ?? [] });
    return emptyLevels(matrix).map(({ at, level, words }) => {
      const message = `nobody stands behind ${words}, so nobody would be called`;
      const remedy = `Say who, under \`oncall: contacts: ${id}\` in wardroom.yaml.`;
      return problemAt(source, ["escalation", "classes", at, "levels", level], {
        message,
        remedy,
        severity: "warning",
      });
    });
  });
}

function emptyLevels({ classes }: EscalationMatrix) {
  return classes.flatMap(({ levels }, at) =>
    levels.flatMap(({ contacts }, level) => {
      const isEmpty = contacts.every(
        ({ people, roles, channels, webhooks }) =>
          people.length + roles.length + channels.length + webhooks.length === 0,
      );
      return isEmpty ? [{ at, level, words: contacts.map(({ title }) => title).join(", ") }] : [];
    }),
  );
}
