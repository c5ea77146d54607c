/** A record kept for the answer, with the format that it was read as. */
export interface Kept<Format> {
  readonly at: number;
  readonly dated: boolean;
  readonly format: Format;
  /** Where it begins in the file. */
  readonly position: number;
  readonly bytes: Buffer;
  /** Bytes left out behind `bytes`, because the line was too long. */
  readonly cut: number;
}

interface Candidate<Format> {
  readonly at: number;
  readonly dated: boolean;
  readonly format: Format;
  readonly start: number;
  readonly stop: number;
  readonly cut: number;
}

const bytesMax = 32 << 20;

/** Keeps the newest records by time, copying only those that a whole block leaves standing. */
export class NewestRecords<Format> {
  readonly #limit: number;
  #kept: Kept<Format>[] = [];
  #candidates: Candidate<Format>[] = [];
  #ascending = true;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(candidate: Candidate<Format>): void {
    if (this.#limit === 0) return;
    const before = this.#candidates.at(-1);
    if (before && before.at > candidate.at) this.#ascending = false;
    this.#candidates.push(candidate);
  }

  /** Copies what is still wanted out of `view`, whose first byte stands at `base` in the file. */
  settle(view: Buffer, base: number): void {
    if (this.#candidates.length === 0) return;
    const ordered = this.#ascending ? this.#candidates : this.#candidates.toSorted((a, b) => a.at - b.at);
    const copies = ordered.slice(-this.#limit).map(
      ({ at, dated, format, start, stop, cut }): Kept<Format> => ({
        at,
        dated,
        format,
        position: base + start,
        bytes: Buffer.from(view.subarray(start, stop)),
        cut,
      }),
    );
    this.#kept = newestOf([...this.#kept, ...copies], this.#limit);
    this.#candidates = [];
    this.#ascending = true;
  }

  /** Newest first. */
  take(): readonly Kept<Format>[] {
    return this.#kept.toReversed();
  }
}

function newestOf<Format>(records: Kept<Format>[], limit: number): Kept<Format>[] {
  const newest = records.toSorted((a, b) => a.at - b.at || a.position - b.position).slice(-limit);
  let bytes = 0;
  const first = newest.findLastIndex((record) => (bytes += record.bytes.length) > bytesMax);
  return newest.slice(first + 1);
}
