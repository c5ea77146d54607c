import { InteractionResponseType, MessageFlags, Routes } from "discord.js";
import { z } from "zod";
import type { DeliveryContent } from "../../domain/commands/delivery-content.ts";
import { BackendError } from "../../domain/failure.ts";
import type { Log } from "../../domain/log.ts";
import type { MessageRef, Outgoing } from "../../domain/messages/message.ts";
import type { Place } from "../../domain/messages/place.ts";
import type { Account } from "../../domain/people/person.ts";
import { needsMoreCard } from "../language/explain-problem.ts";
import type { Form } from "../language/form.ts";
import { splitForm } from "../language/split-form.ts";
import type { Delivery } from "../surface.ts";
import { type Body, type DiscordCourier, replacing } from "./courier.ts";
import { codes, discordError } from "./faults.ts";
import { modalId, type OpenForms } from "./open-forms.ts";
import { renderModal } from "./render/form.ts";
import { DiscordFaultError, type DiscordWeb } from "./web.ts";

/** Discord lets go after three seconds; what is not accepted by then is acknowledged all the same, in words. */
const latestMs = 2_000;
/** An interaction's token lives a quarter of an hour. */
const tokenMs = 14 * 60_000;

export interface InteractionPorts {
  readonly web: DiscordWeb;
  readonly courier: DiscordCourier;
  readonly forms: OpenForms;
  readonly application: string;
  readonly log: Log;
}

export interface InteractionDeliveryParts {
  readonly id: string;
  /** A secret: whoever knows it can answer in the bot's name. */
  readonly token: string;
  readonly account: Account;
  readonly place: Place;
  readonly content: DeliveryContent;
  /** No modal may answer a modal. */
  readonly fromModal: boolean;
}

const Made = z.object({ id: z.string(), channel_id: z.string() });

/** A native command, a button or a form, and the ways to answer it. */
export class InteractionDelivery implements Delivery {
  readonly id: string;
  readonly account: Account;
  readonly place: Place;
  readonly content: DeliveryContent;
  readonly #parts: InteractionDeliveryParts;
  readonly #ports: InteractionPorts;
  readonly #since = performance.now();
  readonly #late: NodeJS.Timeout;
  /** The acknowledgement, once it has been begun: whether everybody sees what follows. */
  #deferred: Promise<"public" | "private" | "form"> | undefined;

  constructor(parts: InteractionDeliveryParts, ports: InteractionPorts) {
    this.id = parts.id;
    this.account = parts.account;
    this.place = parts.place;
    this.content = parts.content;
    this.#parts = parts;
    this.#ports = ports;
    this.#late = setTimeout(() => void this.#sayNotAccepted(), latestMs);
  }

  /** It is accepted: Discord shows that an answer is under way. */
  accept(): void {
    clearTimeout(this.#late);
    this.#deferred ??= this.#defer("public");
    this.#deferred.catch((error: unknown) =>
      this.#ports.log.warn("an interaction could not be acknowledged", { error }),
    );
  }

  async respond(message: Outgoing): Promise<MessageRef | undefined> {
    this.accept();
    try {
      const shown = await this.#deferred;
      const alone = message.audience !== undefined && !this.place.direct;
      if (performance.now() - this.#since > tokenMs) return await this.#ports.courier.post(this.place, message);
      if (!alone) return await this.#respondOpenly(message, shown);
      if (shown === "public") await this.#removeOriginal();
      await this.#ports.courier.withPlainer(message, (body) =>
        shown === "private" ? this.#patchOriginal(body) : this.#followUp(body, message),
      );
      return undefined;
    } catch (error) {
      if (error instanceof DiscordFaultError) throw discordError(error.fault, error.channel);
      if (error instanceof BackendError) throw error;
      throw new BackendError("Discord", { fault: "lost", detail: "the interaction could not be answered" });
    }
  }

  async form(form: Form): Promise<void> {
    clearTimeout(this.#late);
    const { shown, carried } = splitForm(form, this.content);
    const open = { form: shown, carried, place: this.place };
    const id = this.#ports.forms.keep(open);
    if (this.#parts.fromModal || this.#deferred) return this.#offerAgain(form, id);
    this.#deferred = this.#callback({
      type: InteractionResponseType.Modal,
      data: renderModal(open.form, modalId(id, open)),
    }).then(() => "form");
    try {
      await this.#deferred;
    } catch (error) {
      // Nothing was acknowledged: what went wrong can still be said.
      this.#deferred = undefined;
      throw error;
    }
  }

  async working(message: Outgoing): Promise<MessageRef | undefined> {
    // Where nothing stands yet that becomes the answer, nothing is shown that would stay.
    if ((await this.#deferred) !== "public") return undefined;
    return this.respond(message);
  }

  /** A form that came back wrong is offered once more behind a button. */
  async #offerAgain(form: Form, id: string): Promise<void> {
    await this.respond({
      card: {
        ...needsMoreCard(form),
        actions: [{ id: `again:${id}`, label: "Fill it in again", style: "primary", command: form.command, args: {} }],
      },
      files: [],
      nonce: `form:${this.id}`,
      lane: "reply",
      audience: this.account,
    });
  }

  async #respondOpenly(message: Outgoing, shown: "public" | "private" | "form" | undefined): Promise<MessageRef> {
    // What everybody should see does not fit an acknowledgement that only one person sees.
    if (shown !== "public") {
      const ref = await this.#ports.courier.post(this.place, message);
      if (shown === "private") await this.#removeOriginal();
      return ref;
    }
    const made = await this.#ports.courier.withPlainer(message, (body) => this.#patchOriginal(body));
    const { id, channel_id: channel } = Made.parse(made);
    return { surface: "discord", channel, id };
  }

  async #patchOriginal({ body, files }: Body): Promise<unknown> {
    return this.#ports.web.call({
      lane: "reply",
      interaction: true,
      send: (rest) =>
        rest.patch(Routes.webhookMessage(this.#ports.application, this.#parts.token, "@original"), {
          auth: false,
          body: { content: "", ...body, ...replacing(files), allowed_mentions: { parse: [] } },
          files,
        }),
    });
  }

  async #followUp({ body, files }: Body, message: Outgoing): Promise<void> {
    await this.#ports.web.call({
      lane: message.lane ?? "reply",
      interaction: true,
      send: (rest) =>
        rest.post(Routes.webhook(this.#ports.application, this.#parts.token), {
          auth: false,
          body: { ...body, flags: MessageFlags.Ephemeral, allowed_mentions: { parse: [] } },
          files,
        }),
    });
  }

  async #removeOriginal(): Promise<void> {
    try {
      await this.#ports.web.call({
        lane: "reply",
        interaction: true,
        send: (rest) =>
          rest.delete(Routes.webhookMessage(this.#ports.application, this.#parts.token, "@original"), { auth: false }),
      });
    } catch (error) {
      this.#ports.log.warn("an acknowledgement could not be taken away", { error });
    }
  }

  async #defer(how: "public" | "private"): Promise<"public" | "private"> {
    await this.#callback({
      type: InteractionResponseType.DeferredChannelMessageWithSource,
      data: how === "private" ? { flags: MessageFlags.Ephemeral } : {},
    });
    return how;
  }

  async #callback(body: object): Promise<void> {
    try {
      await this.#ports.web.call({
        lane: "reply",
        interaction: true,
        send: (rest) => rest.post(Routes.interactionCallback(this.#parts.id, this.#parts.token), { auth: false, body }),
      });
    } catch (error) {
      // Its answer was lost, or the delivery came twice: Discord has an acknowledgement either way.
      if (error instanceof DiscordFaultError && error.code === codes.alreadyAcknowledged) return;
      throw error;
    }
  }

  async #sayNotAccepted(): Promise<void> {
    if (this.#deferred) return;
    this.#deferred = this.#defer("private");
    try {
      await this.#deferred;
      const card = {
        tone: "warning" as const,
        title: "Not accepted yet",
        summary: "The store is slow. If no answer follows, nothing was done; ask again.",
        blocks: [],
      };
      await this.#ports.courier.withPlainer({ card, files: [], nonce: "" }, (body) => this.#patchOriginal(body));
    } catch (error) {
      this.#ports.log.warn("an interaction could not be acknowledged in time", { error });
    }
  }
}
