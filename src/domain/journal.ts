import type { RequestState } from "./approvals/request.ts";
import type { StoredEntry } from "./store.ts";
import type { ArgumentValue } from "./systems/exact.ts";

/** Who did it, and the account it was done through, as `surface:id`. An unknown account is nobody's: its person is null. */
export type Who = { readonly person: string | null; readonly name?: string; readonly account: string | null };

/** What happened by itself: a deadline that passed, a worker that ran, a start with new rules. */
export const nobody: Who = { person: null, account: null };

type Happened = {
  /** Store time in ms. */
  readonly at: number;
  readonly who: Who;
};

type Invoked = Happened & {
  readonly kind: "invocation";
  readonly invocation: string;
  readonly command: string;
  readonly arguments: Readonly<Record<string, string>>;
  /** Where, as `surface:channel`. */
  readonly place: string;
  readonly outcome: string;
  readonly ms: number;
};

type OfRequest = {
  readonly request: string;
  readonly code: string;
  readonly state: RequestState;
  readonly digest: string;
};

type RequestOpened = Happened &
  OfRequest & {
    readonly kind: "request.opened";
    readonly system: string;
    readonly operation: string;
    readonly arguments: Readonly<Record<string, ArgumentValue>>;
    readonly risk: string;
    readonly tier: string;
    readonly reason: string;
  };

/** A decision that a rule refused: it changed nothing. */
type DecisionRefused = Happened &
  OfRequest & {
    readonly kind: "request.refused";
    readonly system: string;
    readonly operation: string;
    readonly verb: string;
    /** The code of the refusal. */
    readonly why: string;
    readonly place: string;
  };

/** How a request moves on once it is open. */
export type RequestEvent =
  | "approved"
  | "denied"
  | "withdrawn"
  | "cancelled"
  | "aborted"
  | "held-up"
  | "followed-up"
  | "expired"
  | "invalidated"
  | "claimed"
  | "step-started"
  | "step-ended"
  | "finished"
  | "taken-over"
  | "lost"
  | "reconciled"
  | "undone"
  | "settled";

/** What is told of a step of a request besides who took it. */
export type RequestDetails = {
  readonly place?: string;
  readonly reason?: string | null;
  readonly why?: string;
  readonly owner?: string;
  readonly fence?: number;
  /** Of a step: its id, and how it ended. */
  readonly step?: string;
  readonly said?: string;
  /** What whoever approved saw for themselves. */
  readonly seen?: string;
  /** Of one that people settled: through which request, and what each of them saw. */
  readonly settledBy?: string;
  /** Of one that stopped half-way: through which request it was taken back. */
  readonly undoneBy?: string;
  readonly witnesses?: readonly { readonly person: string; readonly saw: string }[];
};

type RequestMoved = Happened &
  OfRequest &
  RequestDetails & {
    readonly kind: `request.${RequestEvent}`;
    readonly system: string;
    readonly operation: string;
  };

type AlertAcknowledged = Happened & {
  readonly kind: "alert.acknowledged" | "alert.unacknowledged";
  /** The code that people type. */
  readonly alert: string;
  readonly system: string;
  readonly summary: string;
};

/** Notifications of an alert are withheld from one person or channel until a store time in ms, or no longer are. */
type AlertSnoozed = Happened & {
  readonly kind: "alert.snoozed" | "alert.unsnoozed";
  /** The code that people type. */
  readonly alert: string;
  readonly system: string;
  readonly summary: string;
  readonly scope: "person" | "channel";
  readonly until: number;
};

/** A level of a system's matrix was told of alerts that nobody had. */
type AlertsPaged = Happened & {
  readonly kind: "alert.paged";
  readonly page: string;
  readonly system: string;
  readonly class: string;
  readonly level: number;
  /** The codes that people type. */
  readonly alerts: readonly string[];
  /** By name; none where nobody stands behind the level. */
  readonly called: readonly string[];
  /** Levels below it that nobody was told of in their time. */
  readonly missed: readonly number[];
};

/** Alerts are kept from people until a store time in ms, or no longer are; or an Alertmanager that had lost that has it again. */
type AlertsSilenced = Happened & {
  readonly kind: "alert.silenced" | "alert.unsilenced" | "alert.silence-remade";
  readonly silence: string;
  readonly match: string;
  readonly until: number;
  readonly comment: string;
};

/** Somebody is on call instead of whom a rotation names, from and to a store time in ms, or no longer is. */
type OnCallOverridden = Happened & {
  readonly kind: "oncall.overridden" | "oncall.reverted";
  readonly rotation: string;
  readonly people: readonly string[];
  readonly from: number;
  readonly to: number;
};

/** Somebody left how everything stood for whoever comes after, or took over what was left. */
type ShiftHandedOver = Happened & {
  readonly kind: "shift.left" | "shift.taken";
  readonly shift: string;
  /** Who left it, of one that was taken over. */
  readonly from?: string;
};

/** People were told of a window of maintenance: ahead, that it began, was over, lasts otherwise, or is called off. */
type MaintenanceTold = Happened & {
  readonly kind: "maintenance.told";
  readonly window: string;
  readonly what: string;
  /** When it is open, ms. */
  readonly from: number;
  readonly to: number;
  /** How many things went on beyond its end. */
  readonly left?: number;
};

/** A digest was made and owed to its places, asked for besides its slots, or not made in its time. */
type DigestKept = Happened & {
  readonly kind: "digest.made" | "digest.asked" | "digest.missed";
  readonly digest: string;
  /** The local date that it is of, or what tells one that was asked for from that. */
  readonly slot: string;
  readonly dueAt?: number;
  readonly places?: number;
  readonly why?: string;
};

/** A batch of alerts was posted. `alerts` of them, or a body of which nothing could be read. */
type AlertsReceived = Happened & {
  readonly kind: "alerts.received" | "alerts.quarantined";
  /** The id that the sender was answered with. */
  readonly batch: string;
  readonly sender: string;
  readonly system: string;
  readonly alerts: number;
  /** SHA-256 of the body. */
  readonly digest: string;
};

/** What had been put in quarantine was taken in anew, or dropped. */
type LetterEnded = Happened & {
  readonly kind: "alert.replayed" | "alert.dropped";
  readonly batch: string;
  readonly sender: string;
  readonly system: string;
  /** Its place in its batch; null for the whole body. */
  readonly place: number | null;
  readonly why: string | null;
};

type IncidentKept = Happened & {
  readonly kind: "incident.opened" | "incident.noted" | "incident.changed" | "incident.closed" | "incident.reopened";
  readonly incident: number;
  readonly system?: string;
  readonly severity: string;
  readonly title: string;
  readonly text?: string;
};

/** Who an account belongs to. `person` and `who` differ once somebody else has confirmed or removed it. */
type AccountLinked = Happened & {
  readonly kind: "link.claimed" | "link.confirmed" | "link.removed";
  /** The account that is linked, as `surface:id`. */
  readonly account: string;
  /** Whose it becomes or was. */
  readonly person: string;
  /** The account that the code was typed from. */
  readonly claimedFrom?: string;
};

/** A personal token was made, or ended. The account is left out of somebody who is in force no more. */
type TerminalEnrolled = Happened & {
  readonly kind: "terminal.enrolled" | "terminal.revoked";
  readonly person: string;
  readonly account?: string;
};
/** Tokens were given that nobody has: so many since the entry before. */
type TerminalRefused = Happened & { readonly kind: "terminal.refused"; readonly count: number };

/** The text of some links of the journal was moved elsewhere; their hashes stay in the chain. */
type JournalArchived = Happened & {
  readonly kind: "journal.archived";
  /** The first and the last link, both included. */
  readonly from: number;
  readonly to: number;
  /** `archiveHash` of those links. */
  readonly hash: string;
};

type PolicyAdopted = Happened & {
  readonly kind: "policy.adopted";
  readonly revision: string;
  /** The revision that ruled before; null for the first. */
  readonly before: string | null;
  /** How many people it names. */
  readonly people: number;
  /** By what right, with the code of the request that two people agreed to. */
  readonly how: "first" | "few" | "offline" | "approved";
  readonly request?: string;
  /** What is other than before, a line each. */
  readonly changes: readonly string[];
};

/** A lock that could not be read was written anew from the requests that are under way, by their codes. */
type LockRebuilt = Happened & {
  readonly kind: "lock.rebuilt";
  readonly system: string;
  readonly holders: readonly string[];
};

type NoticeGivenUp = Happened & {
  readonly kind: "notice.undeliverable";
  readonly notice: string;
  readonly surface: string;
  readonly title: string;
  readonly why: string;
};

type TroubleRaised = Happened & { readonly kind: "trouble.raised"; readonly trouble: string; readonly what: string };
type TroubleOver = Happened & { readonly kind: "trouble.over"; readonly trouble: string };

/** One thing that happened, as this release writes it down. Entries of releases before are read by `records/journal.ts`. */
export type JournalEntry =
  | Invoked
  | RequestOpened
  | DecisionRefused
  | RequestMoved
  | AlertAcknowledged
  | AlertsSilenced
  | AlertSnoozed
  | AlertsPaged
  | OnCallOverridden
  | ShiftHandedOver
  | MaintenanceTold
  | DigestKept
  | AlertsReceived
  | LetterEnded
  | IncidentKept
  | AccountLinked
  | TerminalEnrolled
  | TerminalRefused
  | JournalArchived
  | PolicyAdopted
  | LockRebuilt
  | NoticeGivenUp
  | TroubleRaised
  | TroubleOver;

/** An entry as it is read back, whichever release wrote it. */
export interface PastEntry {
  readonly kind: string;
  readonly who: Who;
  /** The person it is about, where that need not be who did it: the owner of an account that was linked. */
  readonly person?: string;
  /** The account it is about, as `surface:id`. */
  readonly account?: string;
  /** Everything else that it says, by the names it was written under. */
  readonly fields: StoredEntry;
}

/** An entry at its place in the chain. */
export interface AuditEntry extends PastEntry {
  /** The link that holds it. */
  readonly seq: number;
  readonly at: number;
}
