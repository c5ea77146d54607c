import type { Called } from "../messages/message.ts";
import type { Place } from "../messages/place.ts";
import type { ActiveAlert } from "./alert.ts";
import { severityRank } from "./firing.ts";
import type { GroupMember, MemberChange } from "./group.ts";

/**
 * What would rouse people of an alert is withheld for a time: what is said under its message, and whom that calls. Nobody has the
 * alert by that, it stays on its message and in every list, and it is told again when the time is over and it still fires.
 */
export interface Snooze {
  /** Says for whom it is: the next one for the same takes its place. */
  readonly id: string;
  readonly by: { readonly person: string; readonly name: string };
  /** Until when it holds, store time in ms. */
  readonly until: number;
  /** How severe the alert was then: a worse one is told all the same. */
  readonly severity: ActiveAlert["severity"];
  readonly scope: SnoozeScope;
}

/** For one person, who is known by these accounts (`surface:id`), or for everybody in one channel. */
export type SnoozeScope =
  | { readonly kind: "person"; readonly accounts: readonly string[] }
  | ({ readonly kind: "channel" } & Pick<Place, "surface" | "channel">);

/** The snoozes of one alert. */
export interface SnoozedAlert {
  /** What the alert is called where people type. */
  readonly code: string;
  readonly system: string;
  readonly summary: string;
  readonly snoozes: readonly Snooze[];
}

/** Who needs it for longer silences the alert, or snoozes it again, ms. */
export const longestSnoozeMs = 86_400_000;

type Snoozed = Pick<GroupMember, "severity" | "snoozes">;

/** Those that are of account in a channel. */
export function snoozesAt(snoozes: readonly Snooze[], { surface, channel }: Place): readonly Snooze[] {
  return snoozes.filter(
    ({ scope }) => scope.kind === "person" || (scope.surface === surface && scope.channel === channel),
  );
}

/** Those that hold: none does for an alert that became worse. */
export function holdingSnoozes({ severity, snoozes = [] }: Snoozed, now: number): readonly Snooze[] {
  return snoozes.filter((each) => each.until > now && severityRank[severity] >= severityRank[each.severity]);
}

/** Whether what became of an alert is not said under its message, which shows it all the same. */
export function isWithheld(member: Snoozed, what: MemberChange, now: number): boolean {
  if (isAlwaysTold(member, what)) return false;
  return holdingSnoozes(member, now).some(({ scope }) => scope.kind === "channel");
}

/** Those of the people that are called who did not snooze all that they are called for. */
export function calledDespite(
  calls: readonly Called[],
  members: readonly (Snoozed & Pick<GroupMember, "change">)[],
  now: number,
): readonly Called[] {
  return calls.filter(({ account: { surface, id } }) => {
    const account = `${surface}:${id}`;
    return members.some((member) => {
      const { what, only } = member.change;
      if (only && !only.includes(account)) return false;
      if (isAlwaysTold(member, what)) return true;
      return !holdingSnoozes(member, now).some(
        ({ scope }) => scope.kind === "channel" || scope.accounts.includes(account),
      );
    });
  });
}

/** The first that people hear of something critical, that it became worse, and that a snooze is over. */
function isAlwaysTold({ severity }: Snoozed, what: MemberChange): boolean {
  return what === "worse" || what === "awake" || (what === "new" && severity === "critical");
}
