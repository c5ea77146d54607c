import type { ListItem } from "../domain/messages/card.ts";
import { type Unread, type UnreadCause, unreadCauses } from "../domain/systems/unread.ts";

/** A line for each cause, with what hangs on it. The system is named where a card shows several. */
export function unreadItems(unread: readonly Unread[], several: boolean): ListItem[] {
  return unreadCauses(unread).map((cause) => ({
    text: `${several ? `${cause.system}: ` : ""}${causeWords(cause)}`,
    tone: "unknown",
  }));
}

/** `Mode, Version and 12 more unknown: 127.0.0.1:8088 could not connect: connection refused`. */
export function causeWords({ names, said }: UnreadCause): string {
  return `${nameList(names)} unknown: ${said}`;
}

/** `API and Worker could not be read: 127.0.0.1:8088 could not connect: connection refused`. */
export function couldNotBeRead({ names, said }: UnreadCause): string {
  return `${nameList(names)} could not be read: ${said}`;
}

/** At most three names: a phone has few lines. */
function nameList(names: readonly string[]): string {
  if (names.length > 3) return `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}` : (names[0] ?? "");
}
