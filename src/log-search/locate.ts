import { readSync } from "node:fs";
import { headerOf, noHeader } from "./csv-header.ts";
import { clockOf, recordsOf } from "./read-records.ts";
import { firstDated, lineEnd, type Records } from "./records.ts";
import type { Located, LocateTask } from "./scan-task.ts";

/** A smaller file is read whole: that takes less than looking for a place in it. */
const searchedFrom = 4 << 20;
const probeBytes = 1 << 16;
/** How far a line may be out of order without being missed. */
const slackMs = 60_000;
const samples = 32;

interface Probe {
  readonly offset: number;
  readonly at: number;
}

/**
 * Finds the part of a file whose lines can fall into the time range, by binary search over the times of its lines. When a
 * sample shows that the lines are not in order, the part is the whole file.
 */
export async function locateRange(task: LocateTask): Promise<Located> {
  const { file, format } = task;
  const head = read(task, 0, probeBytes);
  const header = format.kind === "csv" ? headerOf(head, format.time) : undefined;
  const dataStart = header?.end ?? (startsWithMark(head) ? 3 : 0);
  const records = recordsOf(format, header?.header ?? noHeader, await clockOf(format, file));
  const firstAt = firstDated(head, dataStart, records)?.at;
  const whole: Located = {
    start: dataStart,
    end: file.size,
    leadAt: firstAt ?? Number.NaN,
    ...(firstAt !== undefined && { firstAt }),
    header: header?.header,
    ordered: false,
  };
  if (file.size < searchedFrom || (format.kind === "csv" && !header)) return whole;
  const probe = (offset: number): Probe | undefined => probeAt(task, { offset, dataStart, records });
  const start = firstFrom(probe, { low: dataStart, high: file.size, at: task.from - slackMs }).low;
  const end = firstFrom(probe, { low: start, high: file.size, at: task.to + slackMs }).high;
  const found = sampled(probe, { dataStart, start, end, size: file.size });
  const ordered = found.every(({ at }, index) => at >= (found[index - 1]?.at ?? at) - slackMs);
  const missed = found.some(({ offset, at }) => (offset < start || offset >= end) && at >= task.from && at <= task.to);
  return ordered && !missed ? { ...whole, start, end, ordered } : whole;
}

/** The byte order mark that some editors put at the start of a file. */
function startsWithMark(head: Buffer): boolean {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
}

interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Narrows down where lines first reach the time `at`: they do after `low` and no later than `high`. */
function firstFrom(probe: (offset: number) => Probe | undefined, search: Bounds & { readonly at: number }): Bounds {
  let { low, high } = search;
  while (high - low > probeBytes) {
    const middle = Math.floor((low + high) / 2);
    const found = probe(middle);
    if (found && found.at < search.at && found.offset > low) low = found.offset;
    else high = middle;
  }
  return { low, high };
}

/** Times across the whole file and, ever closer, on either side of the part found: an hour lived twice lies close by. */
function sampled(
  probe: (offset: number) => Probe | undefined,
  part: { readonly dataStart: number; readonly start: number; readonly end: number; readonly size: number },
): Probe[] {
  const offsets = new Set<number>();
  for (let index = 0; index <= samples; index += 1) {
    offsets.add(Math.floor(part.dataStart + ((part.size - part.dataStart - probeBytes) * index) / samples));
  }
  for (let distance = probeBytes; distance < part.size; distance *= 2) {
    offsets.add(part.start - distance);
    offsets.add(part.end + distance);
  }
  return [...offsets]
    .filter((offset) => offset >= part.dataStart && offset < part.size)
    .toSorted((a, b) => a - b)
    .map((offset) => probe(offset))
    .filter((found) => found !== undefined);
}

/** The first dated record that begins at or after `offset`. */
function probeAt(
  task: LocateTask,
  from: { readonly offset: number; readonly dataStart: number; readonly records: Records },
): Probe | undefined {
  const exact = from.offset === from.dataStart;
  const base = exact ? from.offset : from.offset - 1;
  for (const bytes of [probeBytes, probeBytes * 16]) {
    const view = read(task, base, bytes);
    const start = exact ? 0 : lineEnd(view, 0);
    const found = start < 0 ? undefined : firstDated(view, start, from.records);
    if (found) return { offset: base + found.offset, at: found.at };
  }
  return undefined;
}

function read(task: LocateTask, offset: number, bytes: number): Buffer {
  const view = Buffer.allocUnsafe(Math.max(0, Math.min(bytes, task.file.size - offset)));
  const count = view.length === 0 ? 0 : readSync(task.file.fd, view, 0, view.length, offset);
  return view.subarray(0, count);
}
