import type { Form } from "../../src/bot/language/form.ts";
import type { Bot } from "../../src/bot/surface.ts";
import type { DeliveryContent } from "../../src/domain/commands/delivery-content.ts";
import type {
  Courier,
  MadeRoom,
  MessageRef,
  Outgoing,
  RoomKeeper,
  WantedRoom,
} from "../../src/domain/messages/message.ts";
import type { Place } from "../../src/domain/messages/place.ts";

export interface ChatMessage {
  readonly ref: MessageRef;
  readonly place: Place;
  content: Outgoing;
  edits: number;
}

/** What an asking got: a message, or a form. */
export interface Given {
  readonly message?: ChatMessage;
  readonly form?: Form;
}

/** A chat platform in memory: keeps messages by nonce, edits them, and lets people type, press and submit. */
export class FakeChat implements Courier, RoomKeeper {
  readonly surface: string;
  readonly messages: ChatMessage[] = [];
  /** The rooms that were made, and who is in them. */
  readonly made = new Map<string, { readonly wanted: WantedRoom; readonly members: string[] }>();
  /** Set to make the platform fail the next calls. */
  failing: Error | undefined;
  #deliveries = 0;

  constructor(surface: string) {
    this.surface = surface;
  }

  async post(place: Place, content: Outgoing): Promise<MessageRef> {
    if (this.failing) throw this.failing;
    const known = this.messages.find((message) => message.content.nonce === content.nonce);
    if (known) return known.ref;
    const message = {
      ref: { surface: this.surface, channel: place.channel, id: `m${this.messages.length + 1}` },
      place,
      content,
      edits: 0,
    };
    this.messages.push(message);
    return message.ref;
  }

  async edit(ref: MessageRef, content: Outgoing): Promise<MessageRef> {
    if (this.failing) throw this.failing;
    const message = this.messages.find((each) => each.ref.id === ref.id);
    if (!message) throw new Error(`there is no message ${ref.id}`);
    message.content = content;
    message.edits += 1;
    return ref;
  }

  async open(wanted: WantedRoom): Promise<MadeRoom> {
    if (this.failing) throw this.failing;
    const { name } = wanted;
    if (!this.made.has(name)) this.made.set(name, { wanted, members: [] });
    return { name, place: { surface: this.surface, channel: name } };
  }

  async invite({ name }: MadeRoom, account: string): Promise<void> {
    this.made.get(name)?.members.push(account);
  }

  /** Hands an asking to the bot and waits until it was answered. */
  async ask(
    bot: Bot,
    asked: { account: string; channel?: string; content: DeliveryContent; delivery?: string },
  ): Promise<Given> {
    const place: Place = { surface: this.surface, channel: asked.channel ?? "ops" };
    let form: Form | undefined;
    let id: string | undefined;
    this.#deliveries += 1;
    await bot.handle({
      id: asked.delivery ?? `d${this.#deliveries}`,
      account: { surface: this.surface, id: asked.account },
      place,
      content: asked.content,
      respond: async (content) => {
        const ref = await this.post(place, content);
        id = ref.id;
        return content.audience ? undefined : ref;
      },
      form: async (asks) => {
        form = asks;
      },
    });
    const message = this.messages.find((each) => each.ref.id === id);
    return { ...(message && { message }), ...(form && { form }) };
  }
}
