import type { DeliveryContent } from "../../domain/commands/delivery-content.ts";
import { BackendError } from "../../domain/failure.ts";
import type { MessageRef, Outgoing } from "../../domain/messages/message.ts";
import type { Place } from "../../domain/messages/place.ts";
import type { Account } from "../../domain/people/person.ts";
import { needsMoreCard } from "../language/explain-problem.ts";
import type { Form } from "../language/form.ts";
import type { Delivery } from "../surface.ts";
import type { DiscordCourier } from "./courier.ts";

/** Something said to the bot in a message: it is answered with a reply, and what only one may see in a conversation of two. */
export class MessageDelivery implements Delivery {
  readonly id: string;
  readonly account: Account;
  readonly place: Place;
  readonly content: DeliveryContent;
  readonly inWords = true;
  readonly #courier: DiscordCourier;
  readonly #message: string;
  #placeholder: MessageRef | undefined;

  constructor(
    said: {
      /** What it is answered under; it is its id too, where it has none of its own. */
      readonly message: string;
      readonly id?: string;
      readonly account: Account;
      readonly place: Place;
      readonly content: DeliveryContent;
    },
    courier: DiscordCourier,
  ) {
    this.id = said.id ?? said.message;
    this.account = said.account;
    this.place = said.place;
    this.content = said.content;
    this.#message = said.message;
    this.#courier = courier;
  }

  async respond(message: Outgoing): Promise<MessageRef | undefined> {
    if (message.audience && !this.place.direct) {
      await this.#respondPrivately(message);
      await this.#takeBack();
      return undefined;
    }
    if (this.#placeholder) return this.#courier.edit(this.#placeholder, message);
    return this.#courier.reply(this.place, message, this.#message);
  }

  async form(form: Form): Promise<void> {
    const card = needsMoreCard(form, ", or use the slash command, which asks for it");
    await this.respond({ card, files: [], nonce: `form:${this.id}`, lane: "reply" });
  }

  async working(message: Outgoing): Promise<MessageRef | undefined> {
    this.#placeholder = this.#placeholder
      ? await this.#courier.edit(this.#placeholder, message)
      : await this.#courier.reply(this.place, message, this.#message);
    return this.#placeholder;
  }

  /** What was under way here has been answered elsewhere. */
  async #takeBack(): Promise<void> {
    if (!this.#placeholder) return;
    await this.#courier.remove(this.#placeholder);
    this.#placeholder = undefined;
  }

  async #respondPrivately(message: Outgoing): Promise<void> {
    try {
      await this.#courier.postDirectly(this.account.id, message);
    } catch (error) {
      if (!(error instanceof BackendError) || error.fault !== "refused") throw error;
      // Their settings keep the bot out of their direct messages; what it would say there is for nobody else.
      await this.#courier.reply(
        this.place,
        {
          card: {
            tone: "warning",
            title: "The answer is for you alone",
            summary:
              "Your settings do not let the bot write to you. Use the slash command: its answer can be private here.",
            blocks: [],
          },
          files: [],
          nonce: `private:${message.nonce}`,
          lane: "reply",
        },
        this.#message,
      );
    }
  }
}
