import { calendarEveryMs, takeCalendar } from "../acts/oncall/take-calendar.ts";
import type { Troubles } from "../domain/messages/trouble.ts";
import { type CalendarSource, type OnCallCalendars, shiftsOf } from "../domain/oncall/calendar.ts";
import type { OnCallBook } from "../domain/oncall/on-call.ts";
import type { BookedRotation } from "../domain/oncall/rotation.ts";
import type { Policy } from "../domain/people/policy.ts";
import type { Store } from "../domain/store.ts";
import { sha256 } from "../records/ids.ts";
import { type CalendarOnRecord, readCalendar } from "../records/oncall-calendar.ts";
import type { ScheduleSlot } from "./schedule.ts";

const dayMs = 86_400_000;
/** What comes later is read by then: a change of who is on call is looked for 92 days ahead. */
const aheadMs = 120 * dayMs;
/** So many names are told. */
const mostTold = 5;

interface CalendarPorts {
  readonly store: Store;
  readonly policyInForce: () => Promise<Policy>;
  readonly book: () => OnCallBook;
  readonly calendars: OnCallCalendars;
  readonly troubles: Troubles;
}

/** Looks at the calendars of rotations, once over all replicas. One that cannot be read keeps what it said last, and the operators are told. */
export function calendarSlot(ports: CalendarPorts): ScheduleSlot {
  return {
    id: "oncall-calendars",
    everyMs: () => 30_000,
    async run() {
      const { rotations } = ports.book();
      await Promise.all(rotations.map((rotation) => look(ports, rotation)));
      return {};
    },
  };
}

async function look(ports: CalendarPorts, { id, title = id, zone, calendar }: BookedRotation): Promise<void> {
  if (!calendar) return;
  const { store, calendars } = ports;
  const origin = sha256(JSON.stringify([calendar, zone]));
  const now = await store.now();
  const { calendar: known } = await readCalendar(store, id);
  const isDue = calendar.url === undefined || known?.origin !== origin || now - known.lookedAt >= calendarEveryMs;
  if (!isDue) return;
  const { file, url, handover, names } = calendar;
  const source: CalendarSource = {
    zone,
    handover,
    ...(file !== undefined && { file }),
    ...(url !== undefined && { url }),
  };
  // Whole days, so that the same calendar says the same all day.
  const from = now - (now % dayMs);
  const read = await calendars.read(source, { from, to: from + aheadMs });
  const { people } = await ports.policyInForce();
  const found = read.ok ? shiftsOf(read.value, { people, names }) : { why: read.detail };
  tell(ports.troubles, title, await takeCalendar(store, { rotation: id, origin }, found));
}

function tell(troubles: Troubles, title: string, { rotation, shifts, unknown, fault }: CalendarOnRecord): void {
  const unread = `oncall-calendar-${rotation}`;
  const strangers = `oncall-names-${rotation}`;
  if (fault)
    troubles.raise({
      id: unread,
      what: `The calendar that says who is on call for ${title} cannot be read: ${fault.why}. ${shifts.length === 0 ? "It was never read, so nobody is on call by it." : "What it said last counts."}`,
      remedy:
        "Mend it, or name another under oncall in wardroom.yaml; oncall override puts somebody on call meanwhile.",
    });
  else troubles.clear(unread);
  if (unknown.length > 0)
    troubles.raise({
      id: strangers,
      what: `The calendar of ${title} names somebody who is nobody here: ${unknown.slice(0, mostTold).join("; ")}.`,
      remedy:
        "Say who that is, under names of this calendar in wardroom.yaml, or write the id or the name of people.yaml.",
    });
  else troubles.clear(strangers);
}
