/**
 * What a record holds under a name that came from outside. A record written in a file also answers to what every object has
 * (`constructor`, `toString`); only what was put into it counts.
 */
export function ownValue<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
