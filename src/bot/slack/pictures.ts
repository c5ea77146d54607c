import { createHash } from "node:crypto";
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
/** So many are remembered: of messages that are edited, which are the newest. */
const mostTaken = 500;

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
  /** Pictures that Slack has taken in, by what is in them: the same one is neither uploaded nor waited for again. */
  readonly #taken = new Map<string, string>();
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

  /** Slack's ids of those of these pictures that it has taken in. */
  taken(pictures: readonly Attachment[]): TakenIn {
    return new Map(
      pictures.flatMap((file) => {
        const id = this.#taken.get(digestOf(file));
        return id === undefined ? [] : [[file.name, id] as const];
      }),
    );
  }

  /** Slack does not know them any more. */
  lose(pictures: readonly Attachment[]): void {
    for (const file of pictures) this.#taken.delete(digestOf(file));
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
      if (await this.#offered(() => shows.with(taken, isCurrent))) {
        if (isCurrent()) this.#keep(pictures, taken);
        return;
      }
      if (offer === offers) return shows.beside(pictures);
      await pause(offer * this.#stepMs, this.#ending.signal);
    }
  }

  #keep(pictures: readonly Attachment[], ids: TakenIn): void {
    for (const file of pictures) {
      const id = ids.get(file.name);
      if (id !== undefined) this.#taken.set(digestOf(file), id);
    }
    for (const oldest of this.#taken.keys()) if (this.#taken.size > mostTaken) this.#taken.delete(oldest);
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

function digestOf({ name, bytes }: Attachment): string {
  return createHash("sha256").update(name).update("\0").update(bytes).digest("hex");
}

function keyOf({ channel, id }: MessageRef): string {
  return `${channel} ${id}`;
}
