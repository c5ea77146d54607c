import type { ConfigProblem } from "../problem.ts";
import { problemAt } from "../source.ts";
import type { Files } from "./files.ts";
import { type Named, repeated, unknownName } from "./names.ts";

/** Jobs that call, and alerts that have to fire: of systems and senders that are not there, or that nothing would tell. */
export function checkSignsOfLife({ wardroom, systems, everySystem }: Files): ConfigProblem[] {
  if (!wardroom) return [];
  const { source, value } = wardroom;
  const { heartbeats, expected, senders, watch } = value.alerts;
  const named = (name: string, ...path: (string | number)[]): Named => ({ name, source, path: ["alerts", ...path] });
  const ids = systems.map((system) => system.value.id);
  const untold =
    watch === "off" ? [["heartbeats", heartbeats.length] as const, ["expected", expected.length] as const] : [];
  return [
    ...repeated(
      heartbeats.map(({ id }, index) => named(id, "heartbeats", index, "id")),
      "a job",
    ),
    ...repeated(
      expected.map(({ id }, index) => named(id, "expected", index, "id")),
      "an expected alert",
    ),
    ...repeated(
      [
        ...senders.flatMap(({ auth }, index) =>
          auth.tokens.map((token, at) => named(token, "senders", index, "auth", "tokens", at)),
        ),
        ...heartbeats.flatMap(({ auth }, index) =>
          auth.tokens.map((token, at) => named(token, "heartbeats", index, "auth", "tokens", at)),
        ),
      ],
      "a token",
    ),
    ...expected.flatMap(({ sender }, index) =>
      unknownName(
        named(sender, "expected", index, "sender"),
        senders.map(({ id }) => id),
        "sender",
      ),
    ),
    ...(everySystem
      ? heartbeats.flatMap(({ system }, index) =>
          unknownName(named(system, "heartbeats", index, "system"), ids, "system"),
        )
      : []),
    ...untold.flatMap(([list, count]) => {
      if (count === 0) return [];
      const message = "nobody is told of it, because `watch` is off";
      const remedy = "Say how often, as `watch: 15s`.";
      return [problemAt(source, ["alerts", list], { message, remedy, at: "key" })];
    }),
  ];
}
