/** Equal in content, whatever the order of keys. What is not said is the same as what is missing. */
export function isSameData(one: unknown, other: unknown): boolean {
  if (!isObject(one) || !isObject(other)) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [left, right] = [
    new Map<string, unknown>(Object.entries(one)),
    new Map<string, unknown>(Object.entries(other)),
  ];
  return [...new Set([...left.keys(), ...right.keys()])].every((key) => isSameData(left.get(key), right.get(key)));
}

/** A list or a record. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
