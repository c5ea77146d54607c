import type { DeliveryContent } from "../../domain/commands/delivery-content.ts";
import type { MessageRef, Outgoing } from "../../domain/messages/message.ts";
import type { Place } from "../../domain/messages/place.ts";
import type { Account } from "../../domain/people/person.ts";
import type { Delivery } from "../surface.ts";
import type { SlackDeliveryPorts } from "./delivery.ts";
import { renderSlackMessage } from "./render/message.ts";

/** Somebody opened the app's home: it shows what waits for them and what is on fire, as the command `home` says it. */
export class HomeDelivery implements Delivery {
  readonly id: string;
  readonly account: Account;
  readonly place: Place;
  readonly content: DeliveryContent = { kind: "form", command: "home", values: {} };
  readonly #ports: Pick<SlackDeliveryPorts, "web">;

  constructor(
    opened: { readonly id: string; readonly user: string; readonly team: string },
    ports: Pick<SlackDeliveryPorts, "web">,
  ) {
    this.id = `home:${opened.id}`;
    this.account = { surface: "slack", id: opened.user, tenant: opened.team };
    this.place = { surface: "slack", channel: opened.user, direct: true };
    this.#ports = ports;
  }

  async respond(message: Outgoing): Promise<MessageRef | undefined> {
    const { blocks } = renderSlackMessage(message.card, {
      images: new Map(),
      now: Date.now(),
      rest: "… there is more: send the bot the message home",
    });
    await this.#ports.web.call({
      method: "views.publish",
      lane: "reply",
      send: (client) => client.views.publish({ user_id: this.account.id, view: { type: "home", blocks } }),
    });
    return undefined;
  }

  async form(): Promise<void> {
    // The command takes nothing, so nothing can be missing.
  }
}
