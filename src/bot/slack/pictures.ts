import type { Log } from "../../domain/log.ts";
import type { Attachment } from "../../domain/messages/card.ts";
import type { MessageRef, Outgoing } from "../../domain/messages/message.ts";
import { pause } from "../chat/pause.ts";
import { completeFiles, uploadFile } from "./files.ts";
import { SlackFaultError, type SlackWeb } from "./web.ts";

/**
 * Slack takes a picture in only after it was uploaded, "a few moments" later and up to half a minute: until then it refuses
 * a message that shows it. It is offered so often, each time a step later than before: for 36 s in all.
 */
const offers = 8;
const offerStepMs = 1_000;
const lane = "notice";

/** Slack's ids of pictures, by their names on a card. */
export type TakenIn = ReadonlyMap<string, string>;

/** How a message is shown again, now with its pictures. */
export interface Shows {
  /** Puts them into the message where it is still the same, which it asks at the last moment. Rejects while Slack refuses them. */
  readonly with: (pictures: TakenIn, isCurrent: () => boolean) => Promise<void>;
  /** Puts them beside the message, where Slack never takes them in. */
  readonly beside: (files: readonly Attachment[]) => Promise<void>;
}

/** Adds pictures to messages that stand already, so that neither words nor buttons wait for them. */
export class Pictures {
  readonly #web: SlackWeb;
  readonly #log: Log;
  readonly #stepMs: number;
  readonly #ending = new AbortController();
  /** The message that each picture under way belongs to; whoever changes that message takes it out. */
  readonly #underWay = new Map<string, symbol>();

  constructor(web: SlackWeb, log: Log, stepMs = offerStepMs) {
    this.#web = web;
    this.#log = log;
    this.#stepMs = stepMs;
  }

  /** Begins to add a message's pictures. Nobody waits for it, and a message that is changed meanwhile is left alone. */
  add(ref: MessageRef, pictures: readonly Attachment[], shows: Shows): void {
    if (pictures.length === 0) return;
    const [key, own] = [keyOf(ref), Symbol(ref.id)];
    this.#underWay.set(key, own);
    const isCurrent = (): boolean => this.#underWay.get(key) === own;
    void this.#add(pictures, shows, isCurrent)
      // The words of a picture stand in its place.
      .catch((error: unknown) => this.#log.warn("a picture could not be added to its message", { error }))
      .finally(() => isCurrent() && this.#underWay.delete(key));
  }

  /** The message becomes another one: what was under way for it does not belong to it any more. */
  forget(ref: MessageRef): void {
    this.#underWay.delete(keyOf(ref));
  }

  close(): void {
    this.#underWay.clear();
    this.#ending.abort();
  }

  async #add(pictures: readonly Attachment[], shows: Shows, isCurrent: () => boolean): Promise<void> {
    const taken = new Map<string, string>();
    for (const file of pictures) {
      const id = await uploadFile(file, { web: this.#web, lane });
      await completeFiles([{ id, title: file.name }], { web: this.#web, lane });
      taken.set(file.name, id);
    }
    for (let offer = 1; isCurrent(); offer += 1) {
      if (await this.#offered(() => shows.with(taken, isCurrent))) return;
      if (offer === offers) return shows.beside(pictures);
      await pause(offer * this.#stepMs, this.#ending.signal);
    }
  }

  /** False where Slack has not taken the picture in yet. */
  async #offered(show: () => Promise<void>): Promise<boolean> {
    try {
      await show();
      return true;
    } catch (error) {
      if (error instanceof SlackFaultError && error.code.startsWith("invalid_blocks")) return false;
      throw error;
    }
  }
}

/** The files of a message that its card shows as pictures. */
export function picturesOf({ card, files }: Outgoing): readonly Attachment[] {
  const shown = new Set(card.blocks.flatMap((block) => (block.kind === "image" ? [block.file] : [])));
  return files.filter((file) => shown.has(file.name));
}

function keyOf({ channel, id }: MessageRef): string {
  return `${channel} ${id}`;
}
