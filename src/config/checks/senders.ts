import { ownSender } from "../../domain/alerts/own-watch.ts";
import type { ConfigProblem } from "../problem.ts";
import { problemAt } from "../source.ts";
import type { Files } from "./files.ts";
import { type Named, repeated, unknownName } from "./names.ts";

/** Senders of alerts that could not be told apart, or whose alerts would be of no system. */
export function checkSenders({ wardroom, systems, everySystem }: Files): ConfigProblem[] {
  if (!wardroom) return [];
  const { source, value } = wardroom;
  const { senders } = value.alerts;
  const named = (name: string, ...path: (string | number)[]): Named => ({
    name,
    source,
    path: ["alerts", "senders", ...path],
  });
  const ids = systems.map((system) => system.value.id);
  return [
    ...repeated(
      senders.map(({ id }, index) => named(id, index, "id")),
      "a sender",
    ),
    ...senders.flatMap(({ id }, index) => {
      const remedy = "Call the sender something else.";
      const message = `\`${ownSender}\` is what the bot's own alerts come from`;
      return id === ownSender ? [problemAt(source, ["alerts", "senders", index, "id"], { message, remedy })] : [];
    }),
    ...senders.flatMap(({ kind, map }, index) => {
      // A map with mistakes was taken out, and they are told.
      if ((kind === "generic") === (map !== undefined) || (wardroom.taken && !map)) return [];
      const [message, remedy] = map
        ? [`what is posted by ${kind} has a form that is known`, "Leave `map` out, or say `kind: generic`."]
        : ["nothing says how what it posts is read", "Add `map:` with `fields`."];
      return [problemAt(source, ["alerts", "senders", index, map ? "map" : "kind"], { message, remedy })];
    }),
    ...senders.flatMap(({ kind, api }, index) => {
      if (!api || kind === "alertmanager") return [];
      const message = "only Alertmanager has an API that is asked what fires";
      const remedy = "Leave `api` out, or say `kind: alertmanager`.";
      return [problemAt(source, ["alerts", "senders", index, "api"], { message, remedy })];
    }),
    ...(everySystem
      ? senders.flatMap(({ system }, index) => unknownName(named(system, index, "system"), ids, "system"))
      : []),
  ];
}
