import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import type { CalendarEntry } from "../../domain/oncall/calendar.ts";
import { type EntriesOrder, readEntries } from "./read-entries.ts";
import { Unreadable } from "./unreadable.ts";

/** What a thread answers: entries, or why there are none. */
export type EntriesAnswer = { readonly entries: readonly CalendarEntry[] } | { readonly why: string };

const Order = z.object({ text: z.string(), zone: z.string(), handover: z.string(), from: z.number(), to: z.number() });

function answer(order: EntriesOrder): EntriesAnswer {
  try {
    return { entries: readEntries(order) };
  } catch (error) {
    // The library's own words quote the text, which may be anything.
    return { why: error instanceof Unreadable ? error.message : "an entry of it is not as iCalendar has it" };
  }
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.postMessage(answer(Order.parse(workerData)));
