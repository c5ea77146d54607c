import { ownValue } from "../domain/own-value.ts";
import { type Backend, serving } from "../domain/systems/backend.ts";
import { textOfDatum } from "../domain/systems/exact.ts";
import type { Lists } from "../domain/systems/lists.ts";
import { missing, take } from "./wire/reading.ts";

/** Somebody waits for the plan that rests on it; a program that reads it takes seconds where its machine is busy. */
const deadlineMs = 10_000;

/** Reads the lists that a system's file names, each of the backend that keeps it. */
export function createLists(backends: readonly Backend[]): Lists {
  return {
    read(system, list, { withinMs = deadlineMs, round = {} } = {}) {
      const { source, after: fact } = ownValue(system.lists, list) ?? {};
      const after = system.facts.find(({ id }) => id === fact)?.source;
      if (!source) return Promise.resolve(missing(`${system.title} has no list ${list}`));
      const look = { system: system.id, deadlineMs: Math.min(withinMs, deadlineMs), round };
      return take(async () => {
        const [entries, last] = await Promise.all([
          serving(backends, source.backend, "list").read(source.spec, look),
          after && serving(backends, after.backend, "fact").read(after.spec, look),
        ]);
        const at = last === undefined ? -1 : entries.value.findIndex(({ value }) => value === textOfDatum(last.value));
        return { ...entries, value: entries.value.slice(at + 1) };
      });
    },
  };
}
