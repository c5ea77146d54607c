/** What people type for yes and for no; undefined for anything else. */
export function truthOf(typed: string): boolean | undefined {
  const text = typed.trim().toLowerCase();
  if (["true", "yes", "on", "1"].includes(text)) return true;
  return ["false", "no", "off", "0"].includes(text) ? false : undefined;
}
