/** What a source's times leave out. */
export interface Clock {
  /** How far its clocks are ahead of UTC when they show this (ms); undefined where they show UTC. */
  readonly ahead: ((shown: number) => number) | undefined;
  /** ms since 1970 of the latest line there can be: the year of a time that names none. */
  readonly latest: number;
}

/** Clocks that show UTC, and times that are not read without their year. */
export const utc: Clock = { ahead: undefined, latest: Number.NaN };

const hourMs = 3_600_000;

/** The clock of a source in this zone, by its IANA name, whose newest line is of `latest`. Throws RangeError for no such zone. */
export async function clockIn(zone: string | undefined, latest: number): Promise<Clock> {
  if (zone === undefined) return { ahead: undefined, latest };
  // Loaded at first use: most logs are in UTC.
  const { zoneOffsetMs } = await import("../domain/text/moment.ts");
  const known = new Map<number, number>();
  const ahead = (shown: number): number => {
    // A zone changes its clocks on a quarter of an hour at the most often.
    const quarter = Math.floor(shown / (hourMs / 4));
    const found = known.get(quarter);
    if (found !== undefined) return found;
    const first = zoneOffsetMs(zone, shown);
    const offset = zoneOffsetMs(zone, shown - first);
    known.set(quarter, offset);
    return offset;
  };
  return { ahead, latest };
}

/** The moment at which the source's clocks show this. */
export function localTime({ ahead }: Clock, shown: number): number {
  return ahead === undefined || Number.isNaN(shown) ? shown : shown - ahead(shown);
}
