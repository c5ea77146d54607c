import { offerLink } from "../../acts/people/offer-link.ts";
import { barredCard, refusalCard, strangerCard } from "../../cards/refusal.ts";
import { mayAsk } from "../../domain/commands/may-ask.ts";
import type { Card } from "../../domain/messages/card.ts";
import type { Outcome } from "../../domain/messages/message.ts";
import type { Account, Person } from "../../domain/people/person.ts";
import { type Policy, strangerRefusal, type Verdict } from "../../domain/people/policy.ts";
import { surfaceName } from "../../domain/people/surface.ts";
import { readsAnywhere, type Viewer } from "../../domain/people/viewer.ts";
import type { System } from "../../domain/systems/system.ts";
import { unknownSystem } from "../../reads/visible-systems.ts";
import type { InvocationRecord } from "../../records/invocation.ts";
import { meantCard, needsMoreCard, noStopCard } from "../language/explain-problem.ts";
import type { WhatWasMeant } from "../language/input-problem.ts";
import type { AccountHolder } from "./account-holder.ts";
import type { DeliveryPorts } from "./ports.ts";
import type { Routed } from "./route.ts";

type Readable = Exclude<Routed, { kind: "unreadable" }>;

/** Whether a command may be run for whoever is behind an account, or what they are told instead. */
export type Authorised =
  | { readonly allowed: true; readonly person: Person; readonly ready: Extract<Routed, { kind: "ready" }> }
  | {
      readonly allowed: false;
      readonly person: Person | undefined;
      readonly card: Card;
      readonly outcome: Extract<Outcome, "refused" | "unreadable">;
    };

/**
 * Decides whether an invocation may run: nobody learns more than they may, so what the account is comes before what was
 * typed, and the right before what is missing. Throws UserError for a system that is not there, and for
 * what nobody could ask.
 */
export async function authorise(
  ports: DeliveryPorts,
  { account, place }: InvocationRecord,
  { routed, policy, holder }: { readonly routed: Routed; readonly policy: Policy; readonly holder: AccountHolder },
): Promise<Authorised> {
  const { person, barred, silent } = holder;
  const told = (outcome: "refused" | "unreadable", card: Card): Authorised => ({
    allowed: false,
    person,
    card,
    outcome,
  });
  if (barred) return told("refused", barredCard(barred.why, barred.remedy));
  const toLink = person ? undefined : await linkCard(ports, account);
  if (toLink) return told("refused", toLink);
  const viewer = { person, place, policy };
  if (routed.kind === "unreadable") return told("unreadable", unreadableCard(routed, { ports, viewer }));
  const verdict = mayRun(ports, routed, viewer);
  if (!verdict.allowed && person) refuseUnknownSystem(ports, routed, viewer);
  if (!verdict.allowed || !person) {
    const able = person ? ableHere(ports, routed, viewer) : [];
    return told("refused", refusalCard(routed.command, verdict, { silent, able }));
  }
  const refused = routed.kind === "incomplete" ? routed.command.refusal?.(routed.values) : undefined;
  if (refused) throw refused;
  return routed.kind === "incomplete"
    ? told("unreadable", needsMoreCard(routed.form))
    : { allowed: true, person, ready: routed };
}

/**
 * Of what was meant, only what whoever asks may ask here. To stop a system that nothing stops, or that they may not stop, leads to no
 * other one.
 */
function unreadableCard(
  { card, problem, meant = [] }: Extract<Routed, { kind: "unreadable" }>,
  { ports, viewer }: { readonly ports: DeliveryPorts; readonly viewer: Viewer },
): Card {
  const { systems } = ports.world;
  if (problem?.code === "other-order" && !isKnownTo(viewer, systems.find(problem.of)))
    throw unknownSystem(systems, viewer, problem.system);
  const verdictOn = ({ command, args }: WhatWasMeant): Verdict =>
    mayAsk(command, viewer, args[command.systemField ?? ""]);
  const mine = meant.filter((each) => verdictOn(each).allowed);
  const of = problem?.code === "unknown-command" ? problem.of : undefined;
  const named = of && systems.find(of.system);
  if (of && named && meant.length === 0)
    return noStopCard(
      named,
      of.nearest.filter((each) => verdictOn(each).allowed),
    );
  const [first] = meant;
  if (of && first && mine.length === 0) return refusalCard(first.command, verdictOn(first));
  return mine.length === 0 ? card : meantCard(mine);
}

/** May whoever asks run the command on the system that they named? */
export function mayRun({ surfaces, world }: DeliveryPorts, routed: Readable, viewer: Viewer): Verdict {
  if (!viewer.person) return strangerRefusal(surfaceName(surfaces, viewer.place.surface));
  const named = namedSystem(routed);
  // A system that does not exist is judged under the name given: only those who may everything may learn that.
  return mayAsk(routed.command, viewer, named === undefined ? undefined : (world.systems.find(named)?.id ?? named));
}

/** Names of those who may run it where it was asked, by their own grants: whom to fetch. */
function ableHere(ports: DeliveryPorts, routed: Readable, viewer: Viewer): string[] {
  const { people } = viewer.policy;
  return people.filter((person) => mayRun(ports, routed, { ...viewer, person }).allowed).map(({ name }) => name);
}

/**
 * A system that is not there is told as that, not as a missing right: a slip of the finger is the likelier cause. So is one that they may see
 * nowhere, or the answer would tell that there is one.
 */
function refuseUnknownSystem({ world }: DeliveryPorts, routed: Readable, viewer: Viewer): void {
  const named = namedSystem(routed);
  if (named === undefined || isKnownTo(viewer, world.systems.find(named))) return;
  throw unknownSystem(world.systems, viewer, named);
}

function isKnownTo(viewer: Viewer, system: System | undefined): boolean {
  return system !== undefined && readsAnywhere(viewer, system.id);
}

function namedSystem({ command, values }: Readable): string | undefined {
  const named = command.systemField === undefined ? undefined : values[command.systemField];
  return typeof named === "string" ? named : undefined;
}

/** A platform's account that nobody owns is told how to make it somebody's. Undefined for one that was handed out. */
async function linkCard({ world, surfaces }: DeliveryPorts, { surface, id }: Account): Promise<Card | undefined> {
  const traits = surfaces.find((each) => each.id === surface);
  return traits?.accounts === "platform"
    ? strangerCard(traits.name, await offerLink(world.store, { surface, id }))
    : undefined;
}
