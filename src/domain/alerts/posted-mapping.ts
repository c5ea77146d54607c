import { z } from "zod";
import { readPointer } from "../systems/read-pointer.ts";
import { Pointer } from "../systems/values.ts";
import {
  AlertFields,
  FiresWhen,
  firesWhen,
  mappedAlert,
  type ReadTime,
  severityLabel,
  textAt,
} from "./alert-mapping.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { SeverityWords } from "./severity.ts";
import type { ToldAlert, ToldEntry } from "./told-alert.ts";

const Field = AlertFields.shape.since.unwrap();

/** How what somebody posts in a form of their own is read as alerts. */
export const PostedMap = z
  .strictObject({
    /** Where the body has its list of alerts; it is one alert when left out. */
    list: Pointer.optional(),
    /** Where an alert has it: a key, keys with dots between, or a JSON pointer. */
    fields: AlertFields.extend({
      /** The word that says whether it fires or is over, as in `states`. */
      state: Field.optional(),
      /** What it is told apart by; what it is called and its labels when left out. */
      fingerprint: z.union([Field, z.array(Field).min(1).max(8)]).optional(),
      /** Where it is shown. */
      link: Field.optional(),
    }),
    /** The source's words for its states, in whatever case. */
    states: z.record(z.string(), z.enum(["firing", "resolved"])).default({ firing: "firing", resolved: "resolved" }),
    severities: SeverityWords.default({ critical: "critical", warning: "warning", info: "info" }),
    /** Which of them fire; the others are over. */
    when: FiresWhen.optional(),
  })
  .refine(
    ({ fields, when }) => fields.state !== undefined || when !== undefined,
    "nothing says when an alert is over: name `fields.state`, or say `when` one fires",
  );
export type PostedMap = z.output<typeof PostedMap>;

/** So many alerts are taken of one body. */
const mostEntries = 1_000;

/** What a body tells. An entry of which no alert can be made is handed on as far as it was read, to be put in quarantine. */
export function toldIn(
  body: unknown,
  map: PostedMap,
  readTime: ReadTime,
): { readonly told: readonly ToldEntry[] } | { readonly unusable: string } {
  const pointed = readPointer(body, map.list ?? "");
  const rows: unknown = pointed.present ? pointed.value : undefined;
  if (map.list === undefined) return { told: [toldOf(rows, map, readTime)] };
  if (!Array.isArray(rows)) return { unusable: `it has no list at ${map.list}` };
  if (rows.length > mostEntries)
    return { unusable: `it has ${rows.length} alerts, and ${mostEntries} are the most: post fewer at once` };
  return { told: rows.map((row: unknown) => toldOf(row, map, readTime)) };
}

/** What one entry tells. */
export function toldOf(row: unknown, map: PostedMap, readTime: ReadTime): ToldEntry {
  const { fields, states, when } = map;
  const found = mappedAlert(row, map, readTime);
  if ("lacks" in found) return { raw: { lacks: found.lacks, entry: row } };
  const { id, summary, since, hint, labels: named, ownSeverity, severity } = found;
  const hasWord = textAt(row, fields.severity) !== "";
  const labels = named ?? { alertname: id, severity: severityLabel(hasWord ? ownSeverity : "", severity) };
  const word = fields.state === undefined ? "" : textAt(row, fields.state);
  const state = fields.state === undefined ? "firing" : stateIn(word, states);
  if (state === undefined) return { raw: { labels, annotations: { summary }, status: word || "none", entry: row } };
  const link = fields.link === undefined ? "" : textAt(row, fields.link);
  return {
    fingerprint: fingerprintIn(row, fields.fingerprint) ?? identityOf(labels),
    event: state === "firing" && !firesWhen(row, when) ? "resolved" : state,
    ...(since !== undefined && { startsAt: since, isBeginning: true }),
    labels,
    annotations: { summary, ...(hint !== undefined && { hint }) },
    ...(link !== "" && { link }),
  };
}

function stateIn(word: string, states: PostedMap["states"]): "firing" | "resolved" | undefined {
  return Object.entries(states).find(([each]) => each.toLowerCase() === word.toLowerCase())?.[1];
}

/** Undefined where an entry has none of it. */
function fingerprintIn(row: unknown, field: PostedMap["fields"]["fingerprint"]): string | undefined {
  const texts = (field === undefined ? [] : [field].flat()).map((each) => textAt(row, each));
  if (texts.every((text) => text === "")) return undefined;
  return fingerprintOf(Object.fromEntries(texts.map((text, place) => [`key${place}`, text])));
}

/** As severe as it may be, it is the same alert. */
function identityOf(labels: ToldAlert["labels"]): string {
  return fingerprintOf(Object.fromEntries(Object.entries(labels).filter(([name]) => name !== "severity")));
}
