import { z } from "zod";
import type { DeliveryContent } from "../../domain/commands/delivery-content.ts";
import type { Log } from "../../domain/log.ts";
import type { MessageRef, Outgoing } from "../../domain/messages/message.ts";
import { Place } from "../../domain/messages/place.ts";
import type { Account } from "../../domain/people/person.ts";
import { Scalar } from "../../domain/systems/values.ts";
import { needsMoreCard } from "../language/explain-problem.ts";
import type { Form } from "../language/form.ts";
import { splitForm } from "../language/split-form.ts";
import type { Delivery } from "../surface.ts";
import type { Acknowledgement } from "./acknowledgement.ts";
import { isShutOut, type SlackCourier } from "./courier.ts";
import { plainPost } from "./plain-post.ts";
import { formErrors, renderForm } from "./render/form.ts";
import { renderSlackMessage } from "./render/message.ts";
import type { SlackWeb } from "./web.ts";

/** What a modal carries to its submission. Slack hands it back unseen and unchanged; 3,000 characters at most. */
const Carried = z.object({
  command: z.string(),
  values: z.record(z.string(), Scalar),
  place: Place,
});
export type Carried = z.output<typeof Carried>;
const carriedMax = 2_900;
/** How long a private answer may take on its way. */
const responseMs = 5_000;

export function readCarried(text: string): Carried {
  return Carried.parse(JSON.parse(text));
}

export interface SlackDeliveryParts {
  readonly id: string;
  readonly account: Account;
  readonly place: Place;
  readonly content: DeliveryContent;
  readonly acknowledgement: Acknowledgement;
  /** Opens a modal within three seconds. */
  readonly trigger?: string;
  /** A private answer goes here. A secret: whoever knows it can write there. */
  readonly responseUrl?: string;
  /** It is the submission of a modal with these fields, which can say what is wrong with them. */
  readonly submitted?: readonly string[];
}

export interface SlackDeliveryPorts {
  readonly web: SlackWeb;
  readonly courier: SlackCourier;
  readonly log: Log;
}

/** Something asked in Slack, and the ways to answer it. */
export class SlackDelivery implements Delivery {
  readonly id: string;
  readonly account: Account;
  readonly place: Place;
  readonly content: DeliveryContent;
  readonly inWords: boolean;
  readonly #parts: SlackDeliveryParts;
  readonly #ports: SlackDeliveryPorts;
  #placeholder: MessageRef | undefined;

  constructor(parts: SlackDeliveryParts, ports: SlackDeliveryPorts) {
    this.id = parts.id;
    this.account = parts.account;
    this.place = parts.place;
    this.content = parts.content;
    this.inWords = parts.trigger === undefined && parts.submitted === undefined;
    this.#parts = parts;
    this.#ports = ports;
  }

  async respond(message: Outgoing): Promise<MessageRef | undefined> {
    this.#parts.acknowledgement.give();
    if (message.audience && !this.place.direct) {
      await this.#removePlaceholder();
      await this.#respondPrivately(message, message.audience.id);
      return undefined;
    }
    if (this.#placeholder) return this.#ports.courier.edit(this.#placeholder, message);
    try {
      const { audience: _, ...open } = message;
      return await this.#ports.courier.post(this.place, open);
    } catch (error) {
      if (!isShutOut(error)) throw error;
      // The bot may not write there, but it may still answer the one who asked.
      const footer = `Only you see this: ${error.message}.`;
      await this.#respondPrivately({ ...message, card: { ...message.card, footer } }, this.account.id);
      return undefined;
    }
  }

  async form(form: Form): Promise<void> {
    const { submitted, acknowledgement, trigger } = this.#parts;
    const errors = formErrors(form);
    // What was acknowledged late has closed its modal: what is wrong is said beside it.
    if (submitted && acknowledgement.given) return this.#sayWhatLacks(form);
    if (submitted) {
      const known = Object.keys(errors).every((block) => submitted.includes(block));
      if (known && Object.keys(errors).length > 0) return acknowledgement.give({ response_action: "errors", errors });
      return acknowledgement.give({ response_action: "update", view: this.#view(form) });
    }
    if (trigger === undefined) return this.#sayWhatLacks(form);
    await this.#ports.web.call({
      method: "views.open",
      lane: "reply",
      send: (client) => client.views.open({ trigger_id: trigger, view: this.#view(form) }),
    });
  }

  async working(message: Outgoing): Promise<MessageRef | undefined> {
    if (this.#placeholder) this.#placeholder = await this.#ports.courier.edit(this.#placeholder, message);
    else this.#placeholder = await this.#ports.courier.post(this.place, message);
    return this.#placeholder;
  }

  async #sayWhatLacks(form: Form): Promise<void> {
    await this.respond({
      card: needsMoreCard(form, ", or use the slash command, which asks for it"),
      files: [],
      nonce: `form:${this.id}`,
      lane: "reply",
      audience: this.account,
    });
  }

  #view(form: Form): ReturnType<typeof renderForm> {
    const { shown, carried } = splitForm(form);
    const along: Carried = { command: form.command, values: carried, place: this.place };
    const text = JSON.stringify(along);
    // What does not fit is asked for.
    if (text.length > carriedMax) return renderForm(form, JSON.stringify({ ...along, values: {} }));
    return renderForm(shown, text);
  }

  async #respondPrivately(message: Outgoing, user: string): Promise<void> {
    const { responseUrl } = this.#parts;
    if (responseUrl !== undefined && (await this.#throughResponseUrl(message, responseUrl))) return;
    await this.#ports.courier.postPrivately(this.place, message, user);
  }

  /** False when it has files, which cannot go that way, or when Slack did not take it. */
  async #throughResponseUrl(message: Outgoing, address: string): Promise<boolean> {
    const { text, blocks, overflow } = renderSlackMessage(message.card, { images: new Map(), now: Date.now() });
    if (overflow || message.files.length > 0) return false;
    const body = JSON.stringify({ response_type: "ephemeral", replace_original: false, text, blocks });
    const status = await plainPost(address, { body, type: "application/json", withinMs: responseMs });
    return status !== undefined && status < 300;
  }

  async #removePlaceholder(): Promise<void> {
    const placeholder = this.#placeholder;
    if (!placeholder) return;
    this.#placeholder = undefined;
    try {
      await this.#ports.courier.remove(placeholder);
    } catch (error) {
      this.#ports.log.warn("a placeholder could not be taken away", { error });
    }
  }
}
