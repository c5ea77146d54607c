import type { Place } from "../messages/place.ts";
import type { Person } from "../people/person.ts";
import { channelAt, decide, type Verdict } from "../people/policy.ts";
import { abort } from "./abort-rules.ts";
import { concernedSystem, holdsWhereDecided } from "./request.ts";
import { approve, cancel, deny, type Moment, type Ruling, type Voter, withdraw } from "./request-rules.ts";
import type { WholeRequest } from "./run.ts";
import type { Told } from "./told-by-approver.ts";

export type DecisionVerb = "approve" | "deny" | "withdraw" | "cancel" | "abort";

/** A decision as it is given, by whoever the platform says it is. */
export interface Ballot extends Pick<Voter, "trace">, Told {
  readonly verb: DecisionVerb;
  /** Undefined for somebody who is no longer among the people of the rules in force. */
  readonly person: Person | undefined;
  readonly account: string;
  readonly place: Place;
  /** What was seen: the digest a button carries, or the code that was typed. */
  readonly digest: string;
  readonly reason?: string;
}

/** What comes of a decision under these rules at this moment: the request as it becomes, or why it does not. */
export function ruleOnDecision(ballot: Ballot, read: WholeRequest, { now, policy }: Moment): Ruling {
  const { person, account, place, trace } = ballot;
  if (!person) return { ok: false, code: "not-eligible", why: "You are no longer among the people Wardroom knows." };
  // The rule about the person speaks first: "it takes somebody else" tells more than "not in this channel".
  const channel = channelAt(place, policy);
  const ruling = apply(ballot, read, { ...(trace && { trace }), person, account, channel, now, policy });
  // What is one's own is taken back and aborted from anywhere.
  if (!ruling.ok || person.id === read.sealed.requester.person) return ruling;
  const hereOn = (system: string): Verdict => decide({ person, permission: "approve", system, place }, policy);
  if (holdsWhereDecided(read.sealed, (system) => hereOn(system).allowed)) return ruling;
  const here = hereOn(concernedSystem(read.sealed));
  return here.allowed ? ruling : { ok: false, code: "not-eligible", why: `${here.why} ${here.remedy}` };
}

function apply({ verb, digest, reason, seen, name }: Ballot, read: WholeRequest, vote: Voter & Moment): Ruling {
  const { request, sealed } = read;
  switch (verb) {
    case "approve":
      return approve(request, sealed, {
        ...vote,
        digest,
        ...(seen !== undefined && { seen }),
        ...(name !== undefined && { name }),
      });
    case "deny":
      return deny(request, sealed, { ...vote, ...(reason !== undefined && { reason }) });
    case "withdraw":
      return withdraw(request, sealed, vote);
    case "cancel":
      return cancel(request, sealed, vote);
    case "abort":
      return abort(read, vote);
  }
}
