/** Units as people write them, each with its milliseconds. The first letters that are enough stand first. */
const units: readonly (readonly [RegExp, number])[] = [
  [/^(?:ms|msecs?|milliseconds?)$/, 1],
  [/^(?:s|secs?|seconds?)$/, 1_000],
  [/^(?:m|mins?|minutes?)$/, 60_000],
  [/^(?:h|hrs?|hours?)$/, 3_600_000],
  [/^(?:d|days?)$/, 86_400_000],
  [/^(?:w|wks?|weeks?)$/, 7 * 86_400_000],
];

const counts: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  ten: 10,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
};

const part =
  /\s*(?:and\s+|,\s*)?(?:(?<number>\d{1,6}(?:\.\d{1,3})?)\s*|(?<half>half\s+(?:an?\s+)?)|(?<count>[a-z]+)\s+)(?<unit>[a-z]+)(?![a-z])/gy;

/**
 * Milliseconds of a length of time as people write it: `90m`, `2h30m`, `1w`, `30min`, `2 hours`, `half an hour`, `1 hour and 30 minutes`.
 * Undefined when it is none.
 */
export function parseSpan(text: string): number | undefined {
  const typed = text.trim().toLowerCase();
  if (typed === "" || typed.length > 60) return undefined;
  let [sum, at] = [0, 0];
  while (at < typed.length) {
    part.lastIndex = at;
    const found = part.exec(typed);
    const ms = found && partMs(found.groups ?? {});
    if (ms === undefined || ms === null) return undefined;
    sum += ms;
    at = part.lastIndex;
  }
  return Math.round(sum);
}

function partMs({ number, half, count, unit = "" }: Readonly<Record<string, string | undefined>>): number | undefined {
  const many = number !== undefined ? Number(number) : half !== undefined ? 0.5 : ownCount(count);
  const ms = units.find(([word]) => word.test(unit))?.[1];
  return many === undefined || ms === undefined ? undefined : many * ms;
}

function ownCount(word = ""): number | undefined {
  return Object.hasOwn(counts, word) ? counts[word] : undefined;
}
