import type { Form } from "../../../src/bot/language/form.ts";
import type { Choice, Completion } from "../../../src/bot/language/suggest.ts";
import type { Bot, Delivery } from "../../../src/bot/surface.ts";
import type { Attachment, Card } from "../../../src/domain/messages/card.ts";
import type { Outgoing } from "../../../src/domain/messages/message.ts";
import type { Place } from "../../../src/domain/messages/place.ts";
import type { Account } from "../../../src/domain/people/person.ts";

type Answer = (delivery: Delivery) => Promise<void>;

const commands = ["status", "stop", "logs", "flatten"];

/** Answers as a test says. What was handed to it, repeats included, is in `handled`. */
export class FakeBot implements Bot {
  readonly handled: Delivery[] = [];
  readonly #answers = new Map<string, Answer>();

  /** `key` is the first word of what is typed, `press:` and an action, or `form:` and a command. */
  on(key: string, answer: Answer): void {
    this.#answers.set(key, answer);
  }

  async handle(delivery: Delivery, accepted?: () => void): Promise<void> {
    this.handled.push(delivery);
    accepted?.();
    const answer = this.#answers.get(keyOf(delivery));
    if (answer) await answer(delivery);
    else await delivery.respond(outgoing(card(`Answer to ${keyOf(delivery)}`), `answer:${delivery.id}`));
  }

  async complete(_account: Account, _place: Place, text: string): Promise<readonly Completion[]> {
    return commands
      .filter((name) => name.startsWith(text))
      .map((name) => ({ insert: `${name} `, from: 0, label: name, detail: `What ${name} does` }));
  }

  choices(): Promise<readonly Choice[]> {
    return Promise.resolve([]);
  }

  async isInRoom(): Promise<boolean> {
    return false;
  }

  async keep(): Promise<void> {}

  async joined(): Promise<void> {}
}

function keyOf({ content }: Delivery): string {
  switch (content.kind) {
    case "text":
      return content.text.split(" ")[0] ?? "";
    case "message":
      return `message:${content.command}`;
    case "press":
      return `press:${content.action}`;
    case "form":
      return `form:${content.command}`;
  }
}

export function card(title: string, rest: Partial<Card> = {}): Card {
  return { tone: "good", title, blocks: [], ...rest };
}

export function outgoing(content: Card, nonce: string, rest: Partial<Outgoing> = {}): Outgoing {
  return { card: content, files: [] as readonly Attachment[], nonce, ...rest };
}

export function flattenForm(rest: Partial<Form> = {}): Form {
  return {
    command: "flatten",
    title: "Flatten AlphaPulse-RL",
    submit: "Ask for approval",
    danger: true,
    fields: [
      { name: "reason", label: "Reason", help: "Two people will read it.", kind: "paragraph", required: true },
      { name: "limit", label: "Limit", help: "", kind: "integer", required: false, min: 1, max: 10 },
      { name: "mode", label: "Mode", help: "", kind: "choice", required: true, choices: ["market", "limit"] },
      { name: "loud", label: "Tell everyone", help: "", kind: "boolean", required: false },
    ],
    values: { system: "alphapulse" },
    carried: [],
    about: [],
    errors: {},
    usage: "flatten <system> [reason…]",
    ...rest,
  };
}
