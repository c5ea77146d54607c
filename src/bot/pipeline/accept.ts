import { acceptInvocation } from "../../acts/messages/accept-invocation.ts";
import type { DeliveryContent } from "../../domain/commands/delivery-content.ts";
import { alertsAt, openAlertsAt, requestAt } from "../../reads/shown-at.ts";
import { readButton } from "../../records/button.ts";
import { invocationKey, type ReadInvocation } from "../../records/invocation.ts";
import type { Delivery } from "../surface.ts";
import { holderOf } from "./account-holder.ts";
import { mayRun } from "./authorise.ts";
import { withAbout } from "./form-about.ts";
import { isQuestion, isUrgentAsking } from "./is-question.ts";
import { maskSecrets, refuseMasked } from "./mask-secrets.ts";
import { withOffered, withSystems } from "./offers.ts";
import type { DeliveryPorts } from "./ports.ts";
import { type Routed, route } from "./route.ts";

/** An invocation that was accepted, and which command it asks for. */
export interface Accepted extends ReadInvocation {
  readonly routed: Routed;
}

/** Reads what a delivery asks for: the store is asked for what buttons do and what messages show, and nothing else. */
export async function readContent(ports: DeliveryPorts, content: DeliveryContent): Promise<Routed> {
  const { store } = ports.world;
  const routed = await route(content, {
    commands: ports.commands,
    button: (id) => readButton(store, id),
    requestAt: (message) => requestAt(store, message),
    alertsAt: (message) => alertsAt(store, message),
  });
  return refuseMasked(routed);
}

/**
 * Commits the invocation under its delivery's id: accepted means committed. What is missing opens a form instead, where
 * the person may do it at all; then there is nothing to accept, and the answer is undefined.
 */
export async function accept(
  ports: DeliveryPorts,
  delivery: Delivery,
): Promise<(Accepted & { readonly repeated: boolean }) | undefined> {
  const { account, place } = delivery;
  const content = maskSecrets(delivery.content);
  if (await asksNothing(ports, content)) return undefined;
  const routed = await readContent(ports, content);
  if (routed.kind === "incomplete") {
    const policy = await ports.policyInForce();
    const { person } = await holderOf(ports.world.people.directory, account, {
      policy,
      urgent: isUrgentAsking(routed),
    });
    const viewer = { person, place, policy };
    if (mayRun(ports, routed, viewer).allowed && !routed.command.refusal?.(routed.values)) {
      const form = withSystems(routed.form, ports.world.systems, viewer);
      const offering = delivery.inWords ? await withOffered(form, routed, { ports, viewer }) : form;
      await delivery.form(await withAbout(offering, ports.world.store));
      return undefined;
    }
  }
  const key = invocationKey(account, delivery.id);
  const given = { key, account, place, content, question: isQuestion(routed) };
  return { ...(await acceptInvocation(ports.world.store, given)), routed };
}

/** People put signs under messages for reasons of their own: one asks something where an alert fires that nobody has. */
async function asksNothing(ports: DeliveryPorts, content: DeliveryContent): Promise<boolean> {
  if (content.kind !== "message" || !content.reaction) return false;
  return (await openAlertsAt(ports.world.store, content.message)).length === 0;
}
