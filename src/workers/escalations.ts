import { auditEscalations } from "../acts/escalation/audit.ts";
import { type PagePorts, pageDue } from "../acts/escalation/page-due.ts";
import type { Log } from "../domain/log.ts";
import type { Troubles } from "../domain/messages/trouble.ts";
import { counted } from "../domain/text/quantities.ts";
import type { ScheduleSlot } from "./schedule.ts";

const troubleId = "escalation-stuck";

/** Calls whoever is due because nobody has an alert, once over all replicas; after a pause what was slept through, once. */
export function escalationSlot(ports: PagePorts): ScheduleSlot {
  return {
    id: "escalations",
    everyMs: () => 2_000,
    async run() {
      return { more: await pageDue(ports) };
    },
  };
}

/** Looks whether every alert that should be under way is, and whether one is stuck: what calls people is watched itself. */
export function escalationAuditSlot(
  ports: PagePorts & { readonly troubles: Troubles; readonly log: Log },
): ScheduleSlot {
  return {
    id: "escalation-audit",
    everyMs: () => 60_000,
    async run() {
      const { stuck, unreadable, mended } = await auditEscalations(ports);
      if (mended.length > 0) ports.log.warn("alerts that fire were planned whom they call", { alerts: mended });
      const told = [
        ...(stuck.length > 0
          ? [`Nobody was called in time for ${counted(stuck.length, "alert")}: ${stuck.slice(0, 5).join(", ")}.`]
          : []),
        ...(unreadable > 0 ? [`${counted(unreadable, "record")} of escalations cannot be read.`] : []),
      ];
      if (told.length === 0) ports.troubles.clear(troubleId);
      else
        ports.troubles.raise({
          id: troubleId,
          what: `Escalation does not do its work. ${told.join(" ")}`,
          remedy: "Look at these alerts yourself, with alerts and escalation; the log tells why.",
        });
      return {};
    },
  };
}
