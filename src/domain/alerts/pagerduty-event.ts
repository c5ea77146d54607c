import { z } from "zod";
import { textOfDatum } from "../systems/exact.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { AlertLabels } from "./matcher.ts";
import { instantOf } from "./reported-alert.ts";
import type { ToldAlert } from "./told-alert.ts";

/** As long as PagerDuty allows, in characters. */
const longestKey = 255;
/** Of what is told beside the fields that PagerDuty names so much is kept. */
const mostDetails = 50;

const severities = ["critical", "error", "warning", "info"] as const;
const actions = ["trigger", "acknowledge", "resolve"] as const;

function written(field: string) {
  const error = `'${field}' is missing or blank`;
  return z.string({ error }).trim().min(1, { error });
}

const Event = z.looseObject({
  event_action: z.enum(actions, {
    error: "'event_action' is missing or invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')",
  }),
  dedup_key: z
    .string({ error: "'dedup_key' is no text" })
    .max(longestKey, { error: `'dedup_key' is too long (maximum is ${longestKey} characters)` })
    .nullish(),
  payload: z.unknown().optional(),
  client: z.string().nullish().catch(undefined),
  client_url: z.string().nullish().catch(undefined),
  links: z
    .array(z.looseObject({ href: z.string() }))
    .nullish()
    .catch(undefined),
});

const Payload = z.looseObject(
  {
    summary: written("payload.summary"),
    source: written("payload.source"),
    severity: z.enum(severities, {
      error: "'payload.severity' is invalid (must be one of the following: 'critical', 'error', 'warning' or 'info')",
    }),
    timestamp: z.string().nullish().catch(undefined),
    component: z.string().nullish().catch(undefined),
    group: z.string().nullish().catch(undefined),
    class: z.string().nullish().catch(undefined),
    custom_details: z.unknown().optional(),
  },
  { error: "'payload' is missing or no object" },
);
type Payload = z.output<typeof Payload>;

/** An event of PagerDuty's Events API v2, or what is wrong with it in PagerDuty's words. */
export type PagerDutyEvent =
  | { readonly key: string; readonly told: ToldAlert }
  | { readonly errors: readonly string[] };

/** Reads an event. One that begins an alert without a key for it gets `newKey`. */
export function pagerDutyEvent(parsed: unknown, newKey: string): PagerDutyEvent {
  const event = Event.safeParse(parsed);
  if (!event.success) return { errors: wordsOf(event.error) };
  const { event_action: action, dedup_key: given } = event.data;
  const key = given || (action === "trigger" ? newKey : "");
  if (key === "") return { errors: [`'dedup_key' is missing or blank (an event to ${action} has to name what)`] };
  const fingerprint = fingerprintOf({ dedup_key: key });
  if (action !== "trigger") {
    const ends = action === "resolve" ? "resolved" : "acknowledged";
    return { key, told: { fingerprint, event: ends, labels: { alertname: key }, annotations: {} } };
  }
  const payload = Payload.safeParse(event.data.payload);
  if (!payload.success) return { errors: wordsOf(payload.error) };
  const { client, client_url: url, links } = event.data;
  const link = url || links?.[0]?.href;
  const began = instantOf(payload.data.timestamp);
  return {
    key,
    told: {
      fingerprint,
      event: "firing",
      ...(began && { startsAt: began.epochMilliseconds }),
      ...toldBy(payload.data, client ?? ""),
      ...(link && { link }),
    },
  };
}

function toldBy(payload: Payload, client: string): Pick<ToldAlert, "labels" | "annotations"> {
  const { summary, source, severity, component, group, class: kind } = payload;
  const details = textsOf(payload.custom_details);
  const labels = {
    alertname: kind || component || summary,
    severity,
    source,
    component: component ?? "",
    group: group ?? "",
    class: kind ?? "",
    client,
    // As with a label of Alertmanager's: whose alert it is, where its sender posts for several systems.
    system: details["system"] ?? "",
  };
  return {
    labels: Object.fromEntries(Object.entries(labels).filter(([, text]) => text !== "")),
    annotations: { ...details, summary },
  };
}

function textsOf(details: unknown): AlertLabels {
  const said = textOfDatum(details);
  if (said !== undefined) return said === "" ? {} : { details: said };
  if (typeof details !== "object" || details === null || Array.isArray(details)) return {};
  const texts = Object.entries(details).flatMap(([name, value]) => {
    const text = textOfDatum(value);
    return text === undefined || text === "" ? [] : [[name, text] as const];
  });
  return Object.fromEntries(texts.slice(0, mostDetails));
}

function wordsOf(error: z.ZodError): readonly string[] {
  return error.issues.map(({ message, path }) =>
    message.startsWith("'") ? message : `'${path.join(".")}' is invalid`,
  );
}
