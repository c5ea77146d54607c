/** The text with at most so many UTF-16 units, never cut inside a character; a cut text ends in `…`. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${startOf(text, most - 1)}…`;
}

/** The start of a text, at most so many UTF-16 units and never half of a character. */
export function startOf(text: string, most: number): string {
  const kept = text.slice(0, Math.max(0, most));
  return kept.length < text.length && /[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept;
}
