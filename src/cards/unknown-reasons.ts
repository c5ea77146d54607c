import type { Block, ListItem } from "../domain/messages/card.ts";
import type { Reading } from "../domain/systems/reading.ts";

/** Why values are unknown, each reason once: one dead backend takes many values with it, and a phone has few lines. */
export function unknownReasons(
  read: readonly { readonly title: string; readonly reading: Reading<unknown> }[],
): Block[] {
  const titles = new Map<string, string[]>();
  for (const { title, reading } of read) {
    if (!reading.ok) titles.set(reading.detail, [...(titles.get(reading.detail) ?? []), title]);
  }
  const items = [...titles].map(
    ([detail, names]): ListItem => ({ text: `${namesOf(names)} unknown: ${detail}`, tone: "unknown" }),
  );
  return items.length > 0 ? [{ kind: "list", items }] : [];
}

function namesOf(names: readonly string[]): string {
  return names.length > 2 ? `${names.length} values` : names.join(" and ");
}
