import type { Grant } from "../../domain/people/person.ts";
import { ownSystem } from "../../domain/systems/own-system.ts";
import type { ConfigProblem, Path } from "../problem.ts";
import type { SourceText } from "../source.ts";
import type { Files } from "./files.ts";
import { unknownName } from "./names.ts";

/** Names that nothing carries: of roles, systems, channels, tiers and operations. */
export function checkReferences(files: Files): ConfigProblem[] {
  return [...inWardroom(files), ...inPeople(files)];
}

function inWardroom(files: Files): ConfigProblem[] {
  const { wardroom, systems, everySystem } = files;
  if (!wardroom) return [];
  const { source, value } = wardroom;
  const roles = value.roles.map((role) => role.id);
  const tiers = value.policy.tiers.map((tier) => tier.id);
  const known = [...systems.map(({ value: { id, operations } }) => ({ id, operations })), ownSystem];
  const systemIds = known.map(({ id }) => id);
  const slots = value.policy.tiers.flatMap((tier, tierIndex) =>
    tier.alternatives.flatMap((alternative, index) =>
      alternative.flatMap((slot, place) => {
        const path = ["policy", "tiers", tierIndex, "alternatives", index, place, "role"];
        return unknownName({ name: slot.role, source, path }, roles, "role");
      }),
    ),
  );
  const rules = value.policy.rules.flatMap((rule, index) => {
    const path: Path = ["policy", "rules", index];
    const operations = known
      .filter(({ id }) => rule.system === undefined || id === rule.system)
      .flatMap((system) => Object.keys(system.operations));
    return [
      ...unknownName({ name: rule.tier, source, path: [...path, "tier"] }, tiers, "tier"),
      ...(rule.system === undefined || !everySystem
        ? []
        : unknownName({ name: rule.system, source, path: [...path, "system"] }, systemIds, "system")),
      ...(rule.operation === undefined || !everySystem
        ? []
        : unknownName({ name: rule.operation, source, path: [...path, "operation"] }, operations, "operation")),
    ];
  });
  const channels = value.channels.flatMap((channel, index) =>
    everySystem ? unknownSystems(source, channel.systems, { path: ["channels", index, "systems"], systemIds }) : [],
  );
  return [
    ...channels,
    ...slots,
    ...rules,
    ...value.groups.flatMap((grant, index) => inGrant(files, { source, grant, path: ["groups", index] })),
  ];
}

function inPeople(files: Files): ConfigProblem[] {
  if (!files.people) return [];
  const { source, value } = files.people;
  return value.people.flatMap((person, personIndex) =>
    person.grants.flatMap((grant, index) =>
      inGrant(files, { source, grant, path: ["people", personIndex, "grants", index] }),
    ),
  );
}

/** What a role is given for, to a person or to a platform's group. */
function inGrant(
  { wardroom, systems, everySystem }: Files,
  { source, grant, path }: { readonly source: SourceText; readonly grant: Grant; readonly path: Path },
): ConfigProblem[] {
  const systemIds = [...systems.map((system) => system.value.id), ownSystem.id];
  const roles = wardroom?.value.roles.map((role) => role.id);
  const channels = wardroom?.value.channels.map((channel) => channel.id);
  return [
    ...(roles ? unknownName({ name: grant.role, source, path: [...path, "role"] }, roles, "role") : []),
    ...(everySystem ? unknownSystems(source, grant.systems, { path: [...path, "systems"], systemIds }) : []),
    ...(grant.channels ?? []).flatMap((name, place) =>
      channels ? unknownName({ name, source, path: [...path, "channels", place] }, channels, "channel") : [],
    ),
  ];
}

function unknownSystems(
  source: SourceText,
  named: "*" | readonly string[],
  { path, systemIds }: { path: Path; systemIds: readonly string[] },
): ConfigProblem[] {
  if (named === "*") return [];
  return named.flatMap((name, index) => unknownName({ name, source, path: [...path, index] }, systemIds, "system"));
}
