import { personName } from "../../domain/people/person.ts";
import { zonedAt } from "../../domain/text/moment.ts";
import { rotationsAt } from "../on-call.ts";
import type { DigestSection } from "./asked-section.ts";

/** Who is on call, until when, and who takes over. */
export const onCallSection: DigestSection = {
  title: "On call",
  async find(asked, { store, routing, policy }) {
    const now = await store.now();
    const all = await rotationsAt(store, routing.book, now);
    const names = (people: readonly string[]): string =>
      people.length === 0 ? "nobody" : people.map((id) => personName(id, policy.people)).join(", ");
    const lines = all.map(({ rotation, people, isOverride, next }) => {
      const until =
        next && zonedAt(next.at, asked.zone).toPlainDateTime().toString({ smallestUnit: "minute" }).replace("T", " ");
      const then = next ? ` until ${until}, then ${names(next.people)}` : "";
      return {
        text: `${rotation.title ?? rotation.id}: ${names(people)}${isOverride ? " (override)" : ""}${then}`,
        ...(people.length === 0 && { tone: "bad" as const }),
      };
    });
    return {
      source: "rotations and overrides",
      asOf: now,
      words: lines.length === 0 ? "no rotation is configured" : lines.map(({ text }) => text).join("; "),
      attention: lines
        .filter(({ tone }) => tone === "bad")
        .map((line) => ({ ...line, text: `Nobody is on call: ${line.text}` })),
    };
  },
};
