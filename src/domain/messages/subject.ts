import { z } from "zod";
import type { AlertGroup, GroupMember } from "../alerts/group.ts";
import type { Silence, SilenceThere } from "../alerts/silence.ts";
import type { SilenceEnding } from "../alerts/silence-ending.ts";
import type { Storm } from "../alerts/storm.ts";
import type { ToldWindow } from "../alerts/told-window.ts";
import type { ShownRequest } from "../approvals/run.ts";
import type { ShownDigest } from "../digests/digest.ts";
import type { EscalationShown } from "../escalation/escalation.ts";
import type { AlertPage } from "../escalation/page.ts";
import type { Incident } from "../incidents/incident.ts";
import type { IncidentUpdate, UpdateReminder } from "../incidents/incident-update.ts";
import type { ShownIncident } from "../incidents/shown-incident.ts";
import type { HandOver } from "../oncall/hand-over.ts";
import type { Shift } from "../oncall/shift.ts";
import type { AdoptedPolicy } from "../people/adopted-policy.ts";
import type { Account } from "../people/person.ts";
import type { Follow } from "../systems/follow.ts";
import type { StatusChange } from "../systems/status-watch.ts";
import type { Attachment, Card } from "./card.ts";
import type { Lane } from "./lane.ts";
import type { MessageRef } from "./message.ts";
import type { RaisedTrouble } from "./trouble.ts";

/** What a message is about. Its card is made from what is stored of it, so that the message can follow it. */
export const Subject = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("answer"), invocation: z.string() }),
  z.object({ kind: z.literal("request"), request: z.string() }),
  z.object({ kind: z.literal("adoption"), adoption: z.string() }),
  z.object({ kind: z.literal("trouble"), trouble: z.string(), since: z.number() }),
  z.object({ kind: z.literal("follow"), follow: z.string() }),
  z.object({ kind: z.literal("alerts"), group: z.string(), opened: z.number() }),
  z.object({ kind: z.literal("alert-changes"), group: z.string(), opened: z.number() }),
  z.object({ kind: z.literal("silence-ending"), silence: z.string() }),
  z.object({ kind: z.literal("silence-remade"), silence: z.string(), sender: z.string() }),
  z.object({ kind: z.literal("hand-over"), rotation: z.string(), since: z.number() }),
  z.object({ kind: z.literal("digest"), name: z.string(), slot: z.string() }),
  // `under`: the notice of the message that it is said under.
  z.object({ kind: z.literal("digest-details"), name: z.string(), slot: z.string(), under: z.string() }),
  z.object({ kind: z.literal("shift"), shift: z.string() }),
  z.object({ kind: z.literal("page"), page: z.string() }),
  // `from`: when that opening of the window begins.
  z.object({
    kind: z.literal("maintenance"),
    window: z.string(),
    from: z.number(),
    part: z.enum(["ahead", "open", "overrun"]),
  }),
  z.object({ kind: z.literal("incident"), incident: z.number() }),
  z.object({ kind: z.literal("incident-update"), incident: z.number(), update: z.number() }),
  z.object({ kind: z.literal("update-reminder"), incident: z.number(), at: z.number() }),
  z.object({ kind: z.literal("incident-end"), incident: z.number(), at: z.number() }),
  z.object({ kind: z.literal("status-change"), watch: z.string(), number: z.number() }),
  z.object({
    kind: z.literal("alert-storm"),
    channel: z.string(),
    began: z.number(),
    /** How often its summary was brought to the end of the channel before; not at all when left out. */
    part: z.number().exactOptional(),
  }),
]);
export type Subject = Readonly<z.output<typeof Subject>>;

/** What is stored of a subject, as its card is made from it. */
export type SubjectData =
  | {
      readonly kind: "answer";
      readonly card: Card;
      readonly files: readonly Attachment[];
      readonly audience?: Account;
    }
  | ({ readonly kind: "request" } & ShownRequest)
  | { readonly kind: "adoption"; readonly adoption: AdoptedPolicy }
  | { readonly kind: "trouble"; readonly trouble: RaisedTrouble }
  | { readonly kind: "follow"; readonly follow: Follow; readonly now: number }
  | ({ readonly kind: "alerts"; readonly now: number } & ShownAlerts)
  | ({ readonly kind: "alert-changes"; readonly now: number } & SaidChanges)
  | { readonly kind: "silence-ending"; readonly ending: SilenceEnding }
  | {
      readonly kind: "silence-remade";
      readonly silence: Silence;
      readonly there: SilenceThere;
      readonly now: number;
    }
  | { readonly kind: "hand-over"; readonly handOver: HandOver }
  | { readonly kind: "shift"; readonly shift: Shift }
  | { readonly kind: "maintenance"; readonly told: ToldWindow; readonly part: "ahead" | "open" | "overrun" }
  | { readonly kind: "digest"; readonly digest: ShownDigest; readonly pictures: readonly Attachment[] }
  | { readonly kind: "digest-details"; readonly digest: ShownDigest; readonly under?: MessageRef }
  | {
      readonly kind: "page";
      readonly page: AlertPage;
      readonly escalations: readonly EscalationShown[];
      readonly now: number;
    }
  | ({ readonly kind: "incident"; readonly now: number } & ShownIncident)
  | {
      readonly kind: "incident-update";
      readonly incident: Incident;
      readonly update: IncidentUpdate;
      readonly now: number;
    }
  | {
      readonly kind: "update-reminder";
      readonly incident: Incident;
      readonly reminder: UpdateReminder;
      readonly now: number;
    }
  /** `at`: when it was resolved, which may be before it was reopened. */
  | { readonly kind: "incident-end"; readonly incident: Incident; readonly at: number; readonly now: number }
  | { readonly kind: "status-change"; readonly change: StatusChange; readonly now: number }
  | { readonly kind: "alert-storm"; readonly storm: Storm; readonly part: number; readonly now: number };

/** Alerts that share a message: some of those that fire, the worst first, and of those that are over, the newest first. */
export interface ShownAlerts {
  readonly group: AlertGroup;
  readonly firing: readonly GroupMember[];
  readonly over: readonly GroupMember[];
  /** The picture of what they are about, once it is drawn. */
  readonly graph: readonly Attachment[];
  /** How far those that fire have been taken because nobody had them. */
  readonly escalations?: readonly EscalationShown[];
}

/** What became of alerts since that was last said under their message. */
export interface SaidChanges {
  readonly group: AlertGroup;
  readonly changed: readonly GroupMember[];
  /** Up to which revision of the group it was said before. */
  readonly after: number;
  /** Undefined where that has not been posted yet: it will say all of it. */
  readonly under?: MessageRef;
}

interface SubjectTraits {
  /** Where its notices wait, unless whoever owes one says otherwise. */
  readonly lane: Lane;
  /** How long it is known which message is about it, counted from when that was last sent. */
  readonly keptMs: number;
  /** A message that its channel does not take goes to the operators instead. */
  readonly diverted: boolean;
}

const month = 30 * 86_400_000;

/** What holds for every message about one kind of subject. */
export const subjectTraits: Readonly<Record<Subject["kind"], SubjectTraits>> = {
  answer: { lane: "reply", keptMs: month, diverted: true },
  // Its card stands in other channels as well.
  request: { lane: "notice", keptMs: month, diverted: false },
  adoption: { lane: "notice", keptMs: month, diverted: true },
  // Nobody waits for it as for an answer.
  trouble: { lane: "notice", keptMs: month, diverted: true },
  // What is known of it is kept no longer.
  follow: { lane: "notice", keptMs: month / 15, diverted: true },
  alerts: { lane: "notice", keptMs: month, diverted: true },
  "silence-ending": { lane: "notice", keptMs: month, diverted: true },
  "silence-remade": { lane: "notice", keptMs: month, diverted: true },
  // The next one takes its place on record.
  "hand-over": { lane: "notice", keptMs: month / 15, diverted: true },
  // It says the same for ever.
  digest: { lane: "notice", keptMs: month, diverted: true },
  "digest-details": { lane: "notice", keptMs: month, diverted: false },
  shift: { lane: "notice", keptMs: month, diverted: true },
  page: { lane: "urgent", keptMs: month, diverted: true },
  maintenance: { lane: "notice", keptMs: month, diverted: true },
  incident: { lane: "notice", keptMs: month, diverted: false },
  "incident-update": { lane: "notice", keptMs: month, diverted: false },
  "update-reminder": { lane: "notice", keptMs: month, diverted: true },
  "incident-end": { lane: "notice", keptMs: month, diverted: false },
  "status-change": { lane: "notice", keptMs: month / 15, diverted: false },
  // Its message says all that stands.
  "alert-storm": { lane: "urgent", keptMs: month, diverted: true },
  "alert-changes": { lane: "notice", keptMs: month, diverted: false },
};
