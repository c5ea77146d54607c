import type { Card } from "../domain/messages/card.ts";
import type { StatusChange, StatusWatch } from "../domain/systems/status-watch.ts";
import { clock } from "../domain/text/moment.ts";

/** What changed of a system that is watched, and nothing else. */
export function statusChangeCard({ title, at, changes, tone, isLast }: StatusChange, now: number): Card {
  const isEmpty = changes.length === 0;
  return {
    tone: isEmpty ? "neutral" : tone,
    title: isEmpty ? `${title} is watched no more` : `${title} changed`,
    summary: isEmpty ? "Nothing more changed." : `Seen at ${clock(at, now)}.`,
    blocks: isEmpty ? [] : [{ kind: "list", items: changes.map((text) => ({ text })) }],
    ...(isLast && !isEmpty && { footer: "It is watched no more: its time is over." }),
  };
}

/** Behind the answer of `status`: that changes are told from here on. */
export function watchedWords({ until }: Pick<StatusWatch, "until">, now: number): string {
  return `What changes is told here until ${clock(until, now)}, and nothing else.`;
}
