import { InteractionResponseType, MessageFlags, Routes } from "discord.js";
import { z } from "zod";
import type { DeliveryContent } from "../../domain/commands/delivery-content.ts";
import { BackendError } from "../../domain/failure.ts";
import type { Log } from "../../domain/log.ts";
import type { Card } from "../../domain/messages/card.ts";
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
  /** It came from a message that stands there: a button, or the form that one opened. */
  readonly onMessage: boolean;
}

/**
 * What an acknowledgement shows: that an answer is under way, to everybody or to one person; a form; or nothing, where what
 * was pressed stands there already. Nobody else needs to see a press that is refused.
 */
type Shown = "public" | "private" | "form" | "nothing";

const answeredAloneCard: Card = {
  tone: "neutral",
  title: "Answered to one person alone",
  summary: "Only whoever asked sees the answer.",
  blocks: [],
};

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
  /** The acknowledgement, once it has been begun. */
  #deferred: Promise<Shown> | undefined;
  /** What was said beside an acknowledgement that shows nothing: to everybody, and to who asked alone. */
  #openly: string | undefined;
  #aside: string | undefined;

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
    this.#deferred ??= this.#defer(this.#parts.onMessage ? "nothing" : "public");
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
      if (shown === "public") await this.#endThinking();
      await this.#respondAside(message, shown);
      return undefined;
    } catch (error) {
      if (error instanceof DiscordFaultError) throw discordError(error.fault, error.channel);
      if (error instanceof BackendError) throw error;
      throw new BackendError("Discord", { fault: "lost", detail: "the interaction could not be answered" });
    }
  }

  async form(form: Form): Promise<void> {
    clearTimeout(this.#late);
    const { shown } = splitForm(form);
    const id = this.#ports.forms.keep({ form: shown, place: this.place });
    if (this.#parts.fromModal || this.#deferred) return this.#offerAgain(form, id);
    this.#deferred = this.#callback({
      type: InteractionResponseType.Modal,
      data: renderModal(shown, modalId(id, shown)),
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
    const shown = await this.#deferred;
    // Where nothing stands yet that becomes the answer, nothing is shown that would stay.
    if (shown === "nothing") await this.#respondAside(message, shown);
    return shown === "public" ? this.respond(message) : undefined;
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

  async #respondOpenly(message: Outgoing, shown: Shown | undefined): Promise<MessageRef> {
    if (shown === "public") return refOf(await this.#filledIn(message, "@original"));
    if (shown === "nothing") {
      const ref = await this.#respondBeside(message);
      await this.#removeAside();
      return ref;
    }
    // What everybody should see does not fit an acknowledgement that only one person sees.
    const ref = await this.#ports.courier.post(this.place, message);
    if (shown === "private") await this.#removeOriginal();
    return ref;
  }

  /** For everybody, under what was pressed. */
  async #respondBeside(message: Outgoing): Promise<MessageRef> {
    if (this.#openly !== undefined) return refOf(await this.#filledIn(message, this.#openly));
    const ref = refOf(await this.#ports.courier.withPlainer(message, (body) => this.#followUp(body, { alone: false })));
    this.#openly = ref.id;
    return ref;
  }

  /** For who asked alone, in place of what was said to them alone before. */
  async #respondAside(message: Outgoing, shown: Shown | undefined): Promise<void> {
    const before = shown === "private" ? "@original" : this.#aside;
    if (before !== undefined) return void (await this.#filledIn(message, before));
    const made = await this.#ports.courier.withPlainer(message, (body) => this.#followUp(body, { alone: true }));
    this.#aside = refOf(made).id;
  }

  async #filledIn(message: Outgoing, id: string): Promise<unknown> {
    return this.#ports.courier.withPlainer(message, ({ body, files }) =>
      this.#ports.web.call({
        lane: "reply",
        interaction: true,
        send: (rest) =>
          rest.patch(Routes.webhookMessage(this.#ports.application, this.#parts.token, id), {
            auth: false,
            body: { content: "", ...body, ...replacing(files), allowed_mentions: { parse: [] } },
            files,
          }),
      }),
    );
  }

  async #followUp({ body, files }: Body, { alone }: { readonly alone: boolean }): Promise<unknown> {
    return this.#ports.web.call<unknown>({
      lane: "reply",
      interaction: true,
      send: (rest) =>
        rest.post(Routes.webhook(this.#ports.application, this.#parts.token), {
          auth: false,
          query: new URLSearchParams({ wait: "true" }),
          body: { ...body, ...(alone && { flags: MessageFlags.Ephemeral }), allowed_mentions: { parse: [] } },
          files,
        }),
      // One that only one person sees is in no history, and told twice it does no harm.
      found: async () => {
        const made = alone ? undefined : await this.#ports.courier.own.find(this.place, { answers: this.id });
        return made && { id: made.id, channel_id: made.channel };
      },
    });
  }

  async #removeAside(): Promise<void> {
    const id = this.#aside;
    this.#aside = undefined;
    if (id !== undefined) await this.#remove(id);
  }

  async #removeOriginal(): Promise<void> {
    await this.#remove("@original");
  }

  /**
   * The answer is for one person alone, and everybody sees that it is under way. What cannot be taken away says that it is
   * answered: while it stands as it is, Discord would put what follows in its place, for everybody to read.
   */
  async #endThinking(): Promise<void> {
    if (await this.#remove("@original")) return;
    await this.#filledIn({ card: answeredAloneCard, files: [], nonce: "" }, "@original");
  }

  /** Whether it is gone. */
  async #remove(id: string): Promise<boolean> {
    try {
      await this.#ports.web.call({
        lane: "reply",
        interaction: true,
        send: (rest) =>
          rest.delete(Routes.webhookMessage(this.#ports.application, this.#parts.token, id), { auth: false }),
      });
      return true;
    } catch (error) {
      this.#ports.log.warn("what was said for the time being could not be taken away", { error });
      return false;
    }
  }

  async #defer<How extends "public" | "private" | "nothing">(how: How): Promise<How> {
    await this.#callback(
      how === "nothing"
        ? { type: InteractionResponseType.DeferredMessageUpdate }
        : {
            type: InteractionResponseType.DeferredChannelMessageWithSource,
            data: how === "private" ? { flags: MessageFlags.Ephemeral } : {},
          },
    );
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
      await this.#filledIn({ card, files: [], nonce: "" }, "@original");
    } catch (error) {
      this.#ports.log.warn("an interaction could not be acknowledged in time", { error });
    }
  }
}

function refOf(made: unknown): MessageRef {
  const { id, channel_id: channel } = Made.parse(made);
  return { surface: "discord", channel, id };
}
