import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { BackendError, errorCode } from "../../domain/failure.ts";
import type { CalendarEntry, CalendarSource, OnCallCalendars } from "../../domain/oncall/calendar.ts";
import { showAddress } from "../wire/address.ts";
import type { Http } from "../wire/http.ts";
import { take } from "../wire/reading.ts";
import { entriesInThread } from "./entries-thread.ts";

/** A year of hand-overs each hour is a fifth of it. */
const mostBytes = 2 * 1_024 * 1_024;
/** Both together are less than a round of the schedule may take. */
const fetchedWithinMs = 4_000;
const readWithinMs = 4_000;

/** What a calendar said last, so that the same is not worked out again. */
interface Known {
  readonly digest: string;
  readonly entries: readonly CalendarEntry[];
}

/** Calendars in files and behind addresses. */
export function createOnCallCalendars(http: Http): OnCallCalendars {
  const known = new Map<string, Known>();
  return {
    read: (source, { from, to }) =>
      take(async () => {
        const name = nameOf(source);
        const text = source.url === undefined ? await textOfFile(source.file ?? "") : await fetched(http, source.url);
        const order = { text, zone: source.zone, handover: source.handover, from, to };
        const digest = createHash("sha256").update(JSON.stringify(order)).digest("hex");
        const before = known.get(name);
        if (before?.digest === digest) return { value: before.entries };
        const answer = await entriesInThread(order, readWithinMs);
        if ("why" in answer) throw new BackendError(name, { fault: "nonsense", detail: answer.why });
        known.set(name, { digest, entries: answer.entries });
        return { value: answer.entries };
      }),
  };
}

function nameOf({ file, url }: CalendarSource): string {
  return url === undefined ? (file ?? "") : showAddress(url);
}

async function fetched(http: Http, url: NonNullable<CalendarSource["url"]>): Promise<string> {
  const headers = { accept: "text/calendar, text/plain;q=0.5" };
  const call = { backend: "oncall-calendar", url, headers, deadlineMs: fetchedWithinMs, maxBytes: mostBytes };
  return (await http.text(call)).body;
}

async function textOfFile(file: string): Promise<string> {
  try {
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      if (size > mostBytes) throw new BackendError(file, { fault: "nonsense", detail: "is longer than 2 MiB" });
      return new TextDecoder("utf-8", { fatal: true }).decode(await handle.readFile());
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof BackendError) throw error;
    throw new BackendError(file, { fault: "missing", detail: whyUnread(errorCode(error)) });
  }
}

function whyUnread(code: string | undefined): string {
  if (code === "ENOENT") return "does not exist";
  if (code === "EACCES" || code === "EPERM") return "may not be read by the user that the bot runs as";
  if (code === "EISDIR") return "is a folder";
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return "is not UTF-8 text";
  return "cannot be read";
}
