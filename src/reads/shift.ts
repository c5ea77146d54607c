import type { Digest, SectionOptions } from "../domain/digests/digest.ts";
import type { Shift } from "../domain/oncall/shift.ts";
import type { System } from "../domain/systems/system.ts";
import type { DigestRecord } from "../records/digest.ts";
import { lastShift } from "../records/shift.ts";
import type { DigestPorts } from "./digests/asked-section.ts";
import { makeDigest } from "./digests/make-digest.ts";

/** A shift is taken to have been no longer than this where none was handed over before, ms. */
const usualMs = 12 * 3_600_000;
/** What was handed over longer ago than this was another one's, ms. */
const longestMs = 7 * 86_400_000;

/** In this order: money, what fires and is silenced, incidents and their tasks, requests, and what is overdue. */
const sections: readonly SectionOptions[] = [
  { section: "portfolio", title: "Positions" },
  { section: "alerts", title: "Alerts and silences" },
  { section: "incidents", title: "Incidents and tasks" },
  { section: "changes", title: "Requests and runs" },
  { section: "status" },
  { section: "backups", title: "Backups" },
  { section: "maintenance", title: "Maintenance" },
  { section: "on-call", title: "On call" },
];

/** How everything stands now, and what happened since the last time that a shift was handed over. */
export async function howItStands(ports: DigestPorts, systems: readonly System[]): Promise<Shift["stood"]> {
  const to = await ports.store.now();
  const last = await lastShift(ports.store);
  const from = last && to - last.at < longestMs && last.at < to ? last.at : to - usualMs;
  const zone = ports.routing.book.rotations[0]?.zone ?? "UTC";
  const named = { name: "handover", title: "Handover", zone };
  const schedule = { at: "00:00", days: [], monthly: false, holidays: [], catchUpMs: 0, channels: [] };
  const digest: Digest = { ...named, ...schedule, systems: systems.map(({ id }) => id), sections };
  const record: DigestRecord = {
    ...named,
    slot: "",
    dueAt: to,
    from,
    to,
    state: "due",
    sections: [],
    comparedWith: [],
  };
  const made = await makeDigest(ports, { digest, record, systems });
  return { zone, from, to, sections: made.sections };
}
