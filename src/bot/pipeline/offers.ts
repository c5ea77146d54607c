import type { Alerts } from "../../domain/alerts/alert.ts";
import type { Command } from "../../domain/commands/command.ts";
import type { FieldValues } from "../../domain/commands/delivery-content.ts";
import { mayAskOfAny } from "../../domain/commands/may-ask.ts";
import { type Place } from "../../domain/messages/place.ts";
import type { Directory } from "../../domain/people/directory.ts";
import type { Account } from "../../domain/people/person.ts";
import type { Policy } from "../../domain/people/policy.ts";
import type { Viewer } from "../../domain/people/viewer.ts";
import type { Store } from "../../domain/store.ts";
import type { Lists } from "../../domain/systems/lists.ts";
import type { Systems } from "../../domain/systems/system.ts";
import { askableSystems } from "../../reads/command-rights.ts";
import type { StatePorts } from "../../reads/system-state.ts";
import { visibleSystems } from "../../reads/visible-systems.ts";
import type { Field } from "../language/field.ts";
import type { Form } from "../language/form.ts";
import type { Choice, Completion } from "../language/suggest.ts";
import { choicesFor, completionsFor, type Offers } from "../language/suggest.ts";
import type { ChoiceQuery } from "../surface.ts";
import { holderOf } from "./account-holder.ts";
import { offeredValues } from "./offered-values.ts";

interface OfferPorts {
  readonly commands: readonly Command[];
  readonly world: {
    readonly store: Store;
    readonly systems: Systems & StatePorts["systems"] & { readonly lists: Lists };
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
  return completionsFor(at.text, await offersFor(ports, at));
}

/** Values for one field of a form: only what this account may see here. */
export async function choices(ports: OfferPorts, query: ChoiceQuery): Promise<readonly Choice[]> {
  const offers = await offersFor(ports, query);
  const command = offers.commands.find((each) => each.name === query.command);
  return command ? choicesFor({ ...query, command }, offers) : [];
}

async function offersFor(ports: OfferPorts, at: { readonly account: Account; readonly place: Place }): Promise<Offers> {
  const policy = await ports.policyInForce();
  const { person } = await holderOf(ports.world.people.directory, at.account, { policy });
  const viewer = { person, place: at.place, policy };
  const systems = visibleSystems(ports.world.systems, viewer);
  return {
    commands: ports.commands.filter((command) => mayAskOfAny(command, viewer, systems)),
    async values(suggest, name) {
      const named = systems.filter(({ id, aliases }) => name === undefined || [id, ...aliases].includes(name));
      return (await offeredValues(suggest, { ports: ports.world, viewer, systems, named })) ?? [];
    },
  };
}

/** The form with what there is to choose from for each field that is missing, for where it can only be said. */
export async function withOffered(
  form: Form,
  { command, values }: { readonly command: Command; readonly values: FieldValues },
  { ports, viewer }: { readonly ports: Pick<OfferPorts, "world">; readonly viewer: Viewer },
): Promise<Form> {
  const { systemField } = command;
  const name = systemField === undefined ? undefined : values[systemField];
  const systems = visibleSystems(ports.world.systems, viewer);
  const named = systems.filter(({ id, aliases }) => name === undefined || [id, ...aliases].includes(String(name)));
  const open = form.fields.filter((each) => each.required && !each.choices && form.values[each.name] === undefined);
  const offered = await Promise.all(
    open.map(async ({ name: field, suggest }): Promise<[string, readonly string[]][]> => {
      if (suggest === undefined) return [];
      const offers = await offeredValues(suggest, { ports: ports.world, viewer, systems, named });
      return offers === undefined ? [] : [[field, [...new Set(offers.map(({ insert }) => insert))]]];
    }),
  );
  return { ...form, offered: Object.fromEntries(offered.flat()) };
}

/** As many as a list to choose from has on every platform. */
const choicesMost = 25;

/** The form with the systems that have its command to choose from, where there are few and what is known already is one of them. */
export function withSystems(form: Form, systems: Systems, viewer: Viewer): Form {
  const ids = askableSystems({ name: form.command }, systems, viewer);
  if (ids.length === 0 || ids.length > choicesMost) return form;
  const fields = form.fields.map((field): Field => {
    const known = form.values[field.name];
    const fits = known === undefined || ids.includes(String(known));
    return field.suggest === "systems" && fits ? { ...field, kind: "choice", choices: ids } : field;
  });
  return { ...form, fields };
}
