/** A text from elsewhere as a sentence of ours: it ends with one full stop, whether or not it came with one. */
export function asSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
