import { randomBytes } from "node:crypto";
import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { Attachment, Card } from "../../domain/messages/card.ts";
import { type Draft, FileContent, FileRow, MessageRow, RoomRow } from "./message-rows.ts";
import { messageSchema } from "./message-schema.ts";

export interface Bounds {
  /** Messages kept per channel; the oldest go first. */
  readonly messagesPerChannel: number;
  /** Bytes of attachments kept in all. */
  readonly fileBytes: number;
}

export interface Page {
  readonly messages: readonly MessageRow[];
  readonly more: boolean;
}

const Count = z.object({ n: z.number() });
const pageLength = 150;

/** What was said in the console, in one SQLite file that survives a restart. Bounded; every call is synchronous. */
export class MessageStore {
  readonly #db: DatabaseSync;
  readonly #bounds: Bounds;

  constructor(path: string, bounds: Bounds) {
    if (path !== ":memory:") {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      // Made here because SQLite would let the group and the world read it; what it puts beside it follows.
      closeSync(openSync(path, "a", 0o600));
      chmodSync(path, 0o600);
    }
    this.#db = new DatabaseSync(path);
    this.#bounds = bounds;
    this.#db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;");
    this.#db.exec(messageSchema);
  }

  /** The same nonce again is the same message: `fresh` is false and nothing is written. */
  add(draft: Draft, files: readonly Attachment[] = []): { readonly message: MessageRow; readonly fresh: boolean } {
    const known = this.#one("SELECT * FROM messages WHERE nonce = ?", draft.nonce);
    if (known) return { message: known, fresh: false };
    const id = randomBytes(12).toString("base64url");
    this.#together(() => {
      this.#db
        .prepare(
          `INSERT INTO messages (id, nonce, channel, thread, answers, author, audience, at, touched, body)
           VALUES (:id, :nonce, :channel, :thread, :answers, :author, :audience, :at, :touched, :body)`,
        )
        .run({
          id,
          nonce: draft.nonce,
          channel: draft.channel,
          thread: draft.thread ?? null,
          answers: draft.answers ?? null,
          author: draft.author ?? null,
          audience: draft.audience ?? null,
          at: draft.at,
          touched: this.#nextTouch(),
          body: JSON.stringify(draft.body),
        });
      this.#putFiles(id, files);
      this.#prune(draft.channel);
    });
    const message = this.find(id);
    if (!message) throw new Error("A message larger than the console keeps");
    return { message, fresh: true };
  }

  /**
   * Replaces a card and the files it names anew. The change is worth a reader's attention when its title or tone
   * changed; a countdown or a figure that moved is not.
   */
  edit(id: string, card: Card, files: readonly Attachment[]): MessageRow | undefined {
    const before = this.find(id);
    if (before?.body.kind !== "card") return undefined;
    const { card: old } = before.body;
    const notable = old.title !== card.title || old.tone !== card.tone;
    this.#together(() => {
      this.#db
        .prepare("UPDATE messages SET body = ?, edited = 1, version = version + 1, touched = ? WHERE id = ?")
        .run(JSON.stringify({ kind: "card", card }), notable ? this.#nextTouch() : before.touched, id);
      this.#putFiles(id, files);
    });
    return this.find(id);
  }

  find(id: string): MessageRow | undefined {
    return this.#one("SELECT * FROM messages WHERE id = ?", id);
  }

  /** The newest messages this account may see, oldest first, and the roots they stand under. */
  page(channel: string, account: string, before = Number.MAX_SAFE_INTEGER): Page {
    const rows = this.#db
      .prepare(
        `SELECT * FROM messages WHERE channel = ? AND seq < ? AND (audience IS NULL OR audience = ?)
         ORDER BY seq DESC LIMIT ?`,
      )
      .all(channel, before, account, pageLength + 1)
      .map((row) => MessageRow.parse(row));
    const messages = rows.slice(0, pageLength);
    const here = new Set(messages.map((message) => message.id));
    const missing = new Set(messages.flatMap(({ thread }) => (thread !== null && !here.has(thread) ? [thread] : [])));
    const roots = [...missing].map((id) => this.find(id)).filter((root) => root !== undefined);
    return {
      messages: [...messages, ...roots].toSorted((a, b) => a.seq - b.seq),
      more: rows.length > pageLength,
    };
  }

  filesOf(message: string): readonly FileRow[] {
    return this.#db
      .prepare("SELECT id, message, name, media_type, length(bytes) AS size FROM files WHERE message = ?")
      .all(message)
      .map((row) => FileRow.parse(row));
  }

  file(id: string): FileContent | undefined {
    const row = this.#db
      .prepare("SELECT id, message, name, media_type, length(bytes) AS size, bytes FROM files WHERE id = ?")
      .get(id);
    return row && FileContent.parse(row);
  }

  /** How many messages of others this account has not seen in the channel. */
  unread(account: string, channel: string): number {
    const row = this.#db
      .prepare(
        `SELECT count(*) AS n FROM messages WHERE channel = ? AND touched > ?
         AND (author IS NULL OR author <> ?) AND (audience IS NULL OR audience = ?)`,
      )
      .get(channel, this.readTo(account, channel), account, account);
    return Count.parse(row).n;
  }

  readTo(account: string, channel: string): number {
    const row = this.#db
      .prepare("SELECT touched AS n FROM reads WHERE account = ? AND channel = ?")
      .get(account, channel);
    return row ? Count.parse(row).n : 0;
  }

  markRead(account: string, channel: string, touched: number): void {
    this.#db
      .prepare(
        `INSERT INTO reads (account, channel, touched) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET touched = max(touched, excluded.touched)`,
      )
      .run(account, channel, touched);
  }

  /** The rooms of incidents, the newest first. */
  rooms(): readonly RoomRow[] {
    return this.#db
      .prepare("SELECT * FROM rooms ORDER BY at DESC")
      .all()
      .map((row) => RoomRow.parse(row));
  }

  isRoom(channel: string): boolean {
    return this.#db.prepare("SELECT 1 FROM rooms WHERE channel = ?").get(channel) !== undefined;
  }

  putRoom({ channel, topic, secluded, members, at }: RoomRow): void {
    this.#db
      .prepare("INSERT OR REPLACE INTO rooms (channel, topic, secluded, members, at) VALUES (?, ?, ?, ?, ?)")
      .run(channel, topic, secluded, JSON.stringify(members), at);
  }

  /** Throws when the file cannot be read. */
  count(): number {
    return Count.parse(this.#db.prepare("SELECT count(*) AS n FROM messages").get()).n;
  }

  close(): void {
    this.#db.close();
  }

  #one(sql: string, value: string): MessageRow | undefined {
    const row = this.#db.prepare(sql).get(value);
    return row && MessageRow.parse(row);
  }

  #nextTouch(): number {
    // What was read counts too: the newest message may be gone, and its number must not come again.
    const sql = `SELECT 1 + max((SELECT coalesce(max(touched), 0) FROM messages),
      (SELECT coalesce(max(touched), 0) FROM reads)) AS n`;
    return Count.parse(this.#db.prepare(sql).get()).n;
  }

  #putFiles(message: string, files: readonly Attachment[]): void {
    const insert = this.#db.prepare(
      "INSERT OR REPLACE INTO files (id, message, name, media_type, bytes) VALUES (?, ?, ?, ?, ?)",
    );
    for (const file of files) {
      insert.run(randomBytes(16).toString("base64url"), message, file.name, file.mediaType, file.bytes);
    }
  }

  #prune(channel: string): void {
    this.#db
      .prepare(
        `DELETE FROM messages WHERE channel = ?1 AND seq <= coalesce((SELECT seq FROM messages WHERE channel = ?1
         ORDER BY seq DESC LIMIT 1 OFFSET ?2), 0)`,
      )
      .run(channel, this.#bounds.messagesPerChannel);
    this.#db
      .prepare(
        `DELETE FROM files WHERE rowid IN (SELECT rowid FROM (SELECT rowid,
         sum(length(bytes)) OVER (ORDER BY rowid DESC) AS kept FROM files) WHERE kept > ?)`,
      )
      .run(this.#bounds.fileBytes);
  }

  #together(work: () => void): void {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#db.exec("COMMIT");
    } catch (error) {
      this.#db.exec("ROLLBACK");
      throw error;
    }
  }
}
