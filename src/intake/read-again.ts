import { randomUUID } from "node:crypto";
import { pagerDutyEvent } from "../domain/alerts/pagerduty-event.ts";
import type { Letter, PostRead, PostReader } from "../domain/alerts/post-reader.ts";
import { toldIn, toldOf } from "../domain/alerts/posted-mapping.ts";
import { batchIn, parsedJson, reportedAlert } from "../domain/alerts/reported-alert.ts";
import type { AlertSender } from "../domain/alerts/sender.ts";
import { recordTime } from "../log-search/time.ts";

/** Reads anew what these senders posted, by what their entries in the files say now. */
export function postReader(senders: readonly Pick<AlertSender, "id" | "kind" | "map">[]): PostReader {
  return {
    again(letter) {
      const sender = senders.find(({ id }) => id === letter.sender);
      if (!sender) return { unusable: `its sender ${letter.sender} is no longer configured` };
      const parsed = parsedJson(letter.text);
      if (parsed === undefined) return { unusable: "it is no JSON, or only its beginning was kept" };
      return letter.place === undefined ? bodyAgain(sender, letter, parsed) : entryAgain(sender, parsed);
    },
  };
}

function bodyAgain({ kind, map }: Pick<AlertSender, "kind" | "map">, { text }: Letter, parsed: unknown): PostRead {
  switch (kind) {
    case "alertmanager":
    case "grafana": {
      const batch = batchIn(text);
      return "unusable" in batch ? batch : { batch };
    }
    case "pagerduty": {
      const event = pagerDutyEvent(parsed, randomUUID().replaceAll("-", ""));
      return "errors" in event ? { unusable: event.errors.join("; ") } : { told: [event.told] };
    }
    case "generic":
      return map ? toldIn(parsed, map, recordTime) : { unusable: "nothing says how it is read" };
  }
}

/** One alert of a batch. Of one that was mapped what it was mapped from is read anew. */
function entryAgain({ map }: Pick<AlertSender, "map">, parsed: unknown): PostRead {
  const isMapped = map !== undefined && typeof parsed === "object" && parsed !== null && "entry" in parsed;
  const told = isMapped ? toldOf(parsed.entry, map, recordTime) : { raw: parsed };
  if (!("raw" in told)) return { told: [told] };
  const read = reportedAlert(told.raw, Date.now());
  return "unusable" in read ? read : { batch: { alerts: [told.raw], leftOut: 0 } };
}
