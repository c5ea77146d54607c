export const place = { surface: "slack", channel: "C1" } as const;

/** Somebody doing something in a delivery. The same delivery again is what a process that died leaves to another. */
export function by(name: string, invocation: string) {
  return { person: name, name, account: `console:${name}`, invocation };
}
