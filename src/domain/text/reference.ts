/** The text so that nothing in it is taken for a reference to a secret when it is sent. */
export function literalText(text: string): string {
  return text.replaceAll("${env:", () => "$${env:");
}
