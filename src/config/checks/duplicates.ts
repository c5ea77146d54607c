import type { ConfigProblem } from "../problem.ts";
import type { SourceText } from "../source.ts";
import type { Files, Loaded } from "./files.ts";
import { type Named, repeated } from "./names.ts";

/** Names and accounts that two things claim. */
export function checkDuplicates({ wardroom, people, systems }: Files): ConfigProblem[] {
  return [
    ...(wardroom ? inWardroom(wardroom) : []),
    ...(people ? inPeople(people) : []),
    ...repeated(systems.flatMap(systemNames), "a system"),
    ...systems.flatMap(insideSystem),
  ];
}

function inWardroom({ source, value }: NonNullable<Files["wardroom"]>): ConfigProblem[] {
  const platformChannels = value.channels.map(({ surface, channel }, index) => {
    return { name: `${surface} ${channel}`, source, path: ["channels", index, "channel"] };
  });
  return [
    ...repeated(ids(source, value.roles, ["roles"]), "a role"),
    ...repeated(ids(source, value.channels, ["channels"]), "a channel"),
    ...repeated(platformChannels, "a channel"),
    ...repeated(ids(source, value.policy.tiers, ["policy", "tiers"]), "a tier"),
  ];
}

/** Two people with one account would both be no one: a decision by it is refused. */
function inPeople({ source, value }: NonNullable<Files["people"]>): ConfigProblem[] {
  const accounts = value.people.flatMap((person, index) =>
    Object.entries(person.accounts).flatMap(([surface, held = []]) =>
      held.map((account, place) => {
        return { name: `${surface} ${account}`, source, path: ["people", index, "accounts", surface, place] };
      }),
    ),
  );
  return [...repeated(ids(source, value.people, ["people"]), "a person"), ...repeated(accounts, "an account")];
}

function systemNames({ source, value }: Files["systems"][number]): Named[] {
  const aliases = value.aliases.map((name, index) => ({ name, source, path: ["aliases", index] }));
  return [{ name: value.id, source, path: ["id"] }, ...aliases];
}

function insideSystem({ source, value }: Loaded<Files["systems"][number]["value"]>): ConfigProblem[] {
  const operations = Object.entries(value.operations).flatMap(([id, operation]) =>
    repeated(
      [
        ...ids(source, operation.steps, ["operations", id, "steps"]),
        ...ids(source, operation.verify, ["operations", id, "verify"]),
      ],
      "a step of this operation",
    ),
  );
  return [
    ...repeated(ids(source, value.health, ["health"]), "a health check"),
    ...repeated(ids(source, value.facts, ["facts"]), "a fact"),
    ...repeated(ids(source, value.metrics, ["metrics"]), "a metric"),
    ...repeated(ids(source, value.queries, ["queries"]), "a query"),
    ...repeated(ids(source, value.logs, ["logs"]), "a log"),
    ...repeated([...ids(source, value.alerts, ["alerts"]), ...ids(source, value.rules, ["rules"])], "an alert or rule"),
    ...operations,
  ];
}

function ids(source: SourceText, items: readonly { readonly id: string }[], path: readonly string[]): Named[] {
  return items.map(({ id }, index) => ({ name: id, source, path: [...path, index, "id"] }));
}
