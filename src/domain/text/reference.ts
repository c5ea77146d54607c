/** Up to its end, where it has one. */
const reference = /\$\{env:[^}]*\}?/g;

/**
 * The text so that nothing in it is taken for a reference to a secret when it is sent; with `at`, of what begins like one only
 * where that says so of the place.
 */
export function literalText(
  text: string,
  at: (place: { readonly from: number; readonly to: number }) => boolean = () => true,
): string {
  return text.replaceAll(reference, (whole, from: number) =>
    at({ from, to: from + whole.length }) ? `$${whole}` : whole,
  );
}
