import type { Alerts } from "../../domain/alerts/alert.ts";
import type { Command } from "../../domain/commands/command.ts";
import { mayAskOfAny } from "../../domain/commands/may-ask.ts";
import { type Place } from "../../domain/messages/place.ts";
import type { Directory } from "../../domain/people/directory.ts";
import { type Account, accountText, type Person } from "../../domain/people/person.ts";
import { decide, type Policy } from "../../domain/people/policy.ts";
import type { Store } from "../../domain/store.ts";
import type { Lists } from "../../domain/systems/lists.ts";
import type { System, Systems } from "../../domain/systems/system.ts";
import { firingNow } from "../../reads/firing.ts";
import { visibleIncidents } from "../../reads/incidents.ts";
import { linkedAccounts } from "../../reads/linked-accounts.ts";
import { openRequests } from "../../records/request.ts";
import type { Field } from "../language/field.ts";
import { fieldsOf } from "../language/fields.ts";
import { commandAt } from "../language/parse.ts";
import { choicesFor, completionsFor, type Offers } from "../language/suggest.ts";
import { wordsOf } from "../language/tokens.ts";
import type { Choice, ChoiceQuery, Completion, Form } from "../surface.ts";
import { whoAsks } from "./who-asks.ts";

interface OfferPorts {
  readonly commands: readonly Command[];
  readonly world: {
    readonly store: Store;
    readonly systems: Systems & { readonly lists: Lists };
    readonly people: { readonly directory: Directory };
    readonly alerts: Alerts;
  };
  readonly policyInForce: () => Promise<Policy>;
}

/** Offers while typing: only what this account may do here. */
export async function complete(
  ports: OfferPorts,
  at: { account: Account; place: Place; text: string },
): Promise<readonly Completion[]> {
  const named = commandAt(wordsOf(at.text), ports.commands);
  const fields = named ? fieldsOf(named.command.input) : [];
  return completionsFor(at.text, await offersFor(ports, at, fields));
}

export async function choices(ports: OfferPorts, query: ChoiceQuery): Promise<readonly Choice[]> {
  const named = ports.commands.find((each) => each.name === query.command);
  const fields = named ? fieldsOf(named.input).filter((each) => each.name === query.field) : [];
  const offers = await offersFor(ports, query, fields);
  const command = offers.commands.find((each) => each.name === query.command);
  return command ? choicesFor({ ...query, command }, offers) : [];
}

/** `fields`: those that may be filled in. What has to be read live is read for them alone. */
async function offersFor(
  ports: OfferPorts,
  at: { readonly account: Account; readonly place: Place },
  fields: readonly Field[],
): Promise<Offers> {
  const policy = await ports.policyInForce();
  const { person } = await whoAsks(ports.world.people.directory, at.account, policy);
  const systems = ports.world.systems.all().filter((system) => mayRead(system.id, { person, place: at.place, policy }));
  const wanted = (list: string): boolean => fields.some((field) => field.suggest === list);
  const open = await openRequests(ports.world.store, 25);
  const incidents = wanted("incidents")
    ? await visibleIncidents(ports.world.store, { person, place: at.place, policy }, 25)
    : [];
  const accounts = wanted("accounts") && person ? await linkedAccounts(ports.world.store) : [];
  return {
    commands: ports.commands.filter((command) => mayAskOfAny(command, { person, place: at.place, policy }, systems)),
    systems,
    requests: open
      .filter(({ sealed }) => systems.some((system) => system.id === sealed.system))
      .map(({ request, sealed }) => ({ insert: request.code, detail: `${sealed.operation} ${sealed.system}` })),
    incidents: incidents.map(({ number, title, severity }) => ({
      insert: String(number),
      detail: `${severity} ${title}`,
    })),
    accounts: accounts.map((link) => ({ insert: accountText(link), detail: link.person })),
    alerts: wanted("alerts") ? await alertOffers(ports, systems) : [],
    listed: await listOffers(ports, systems, wanted),
    people: person ? policy.people.map(({ id, name }) => ({ insert: id, detail: name })) : [],
  };
}

async function alertOffers({ world }: OfferPorts, systems: readonly System[]): Promise<Offers["alerts"]> {
  const { alerts } = await firingNow(world, systems);
  return alerts.map(({ code, system, summary }) => ({ insert: code, detail: `${system}: ${summary}` }));
}

/** As many as a list to choose from has on every platform. */
const choicesMost = 25;

/** The form with the systems to choose from, where there are few and what is known already is one of them. */
export function withSystems(form: Form, systems: readonly System[], here: Here): Form {
  const ids = systems.filter((system) => mayRead(system.id, here)).map((system) => system.id);
  if (ids.length === 0 || ids.length > choicesMost) return form;
  const fields = form.fields.map((field): Field => {
    const known = form.values[field.name];
    const fits = known === undefined || ids.includes(String(known));
    return field.suggest === "systems" && fits ? { ...field, kind: "choice", choices: ids } : field;
  });
  return { ...form, fields };
}

/** Only lists that a field asks for are read, of the systems that have them. */
async function listOffers(
  { world }: OfferPorts,
  systems: readonly System[],
  wanted: (list: string) => boolean,
): Promise<Offers["listed"]> {
  const asked = systems.flatMap((system) =>
    Object.keys(system.lists).flatMap((list) => (wanted(`list:${list}`) ? [{ system, list }] : [])),
  );
  const read = await Promise.all(
    asked.map(async ({ system, list }) => {
      const reading = await world.systems.lists.read(system, list);
      const entries = reading.ok ? reading.value : [];
      return entries.map(({ value, label }) => ({ insert: value, detail: label, system: system.id, list }));
    }),
  );
  return read.flat();
}

export interface Here {
  readonly person: Person | undefined;
  readonly place: Place;
  readonly policy: Policy;
}

export function mayRead(system: string, here: Here): boolean {
  return decide({ ...here, permission: "read", system }, here.policy).allowed;
}
