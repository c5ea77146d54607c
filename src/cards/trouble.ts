import type { Card } from "../domain/messages/card.ts";
import type { RaisedTrouble } from "../domain/messages/trouble.ts";

export function troubleCard({ surfaceName, what, remedy, overAt }: RaisedTrouble): Card {
  if (overAt !== undefined)
    return {
      tone: "good",
      title: `Wardroom's trouble with ${surfaceName} is over`,
      summary: `It was: ${what}`,
      blocks: [],
    };
  return {
    tone: "bad",
    title: `Wardroom has trouble with ${surfaceName}`,
    summary: what,
    blocks: [{ kind: "text", text: `Do this: ${remedy}` }],
    footer: "Told once; this message says when it is over.",
  };
}
