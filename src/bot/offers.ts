import { openRequests } from "../acts/request-record.ts";
import type { Command } from "../domain/command.ts";
import type { Directory } from "../domain/directory.ts";
import type { Account, Person } from "../domain/person.ts";
import { decide, type Place, type Policy } from "../domain/policy.ts";
import type { Systems } from "../domain/ports.ts";
import type { Store } from "../domain/store.ts";
import type { System } from "../domain/system.ts";
import { whoAsks } from "./asker.ts";
import { choicesFor, completionsFor, type Offers } from "./suggest.ts";
import type { Choice, ChoiceAsk, Completion } from "./surface.ts";

interface OfferPorts {
  readonly commands: readonly Command[];
  readonly world: { readonly store: Store; readonly systems: Systems; readonly directory: Directory };
  readonly policyInForce: () => Promise<Policy>;
}

/** Offers while typing: only what this account may do here. */
export async function complete(
  ports: OfferPorts,
  at: { account: Account; place: Place; text: string },
): Promise<readonly Completion[]> {
  return completionsFor(at.text, await offersFor(ports, at));
}

export async function choices(ports: OfferPorts, asked: ChoiceAsk): Promise<readonly Choice[]> {
  const offers = await offersFor(ports, asked);
  const command = offers.commands.find((each) => each.name === asked.command);
  return command ? choicesFor({ ...asked, command }, offers) : [];
}

async function offersFor(ports: OfferPorts, at: { readonly account: Account; readonly place: Place }): Promise<Offers> {
  const policy = await ports.policyInForce();
  const { person } = await whoAsks(ports.world.directory, at.account, policy);
  const systems = ports.world.systems.all().filter((system) => mayRead(system.id, { person, place: at.place, policy }));
  const open = await openRequests(ports.world.store, 25);
  return {
    commands: ports.commands.filter((command) => mayEver(command, { person, place: at.place, policy, systems })),
    systems,
    requests: open
      .filter(({ sealed }) => systems.some((system) => system.id === sealed.system))
      .map(({ request, sealed }) => ({ insert: request.code, detail: `${sealed.operation} ${sealed.system}` })),
    people: person ? policy.people.map(({ id, name }) => ({ insert: id, detail: name })) : [],
  };
}

export interface Here {
  readonly person: Person | undefined;
  readonly place: Place;
  readonly policy: Policy;
}

export function mayRead(system: string, here: Here): boolean {
  return decide({ ...here, permission: "read", system }, here.policy).allowed;
}

/** May it be asked here at all, for any system there is? */
function mayEver(command: Command, here: Here & { readonly systems: readonly System[] }): boolean {
  if (command.open) return here.person !== undefined;
  const { person, place, policy } = here;
  if (command.systemField === undefined)
    return decide({ person, place, permission: command.permission }, policy).allowed;
  return here.systems.some(
    (system) => decide({ person, place, permission: command.permission, system: system.id }, policy).allowed,
  );
}
