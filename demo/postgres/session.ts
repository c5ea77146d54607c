import type { Socket } from "node:net";
import { type Message, Messages, say, type Table, textAt, types } from "./wire.ts";

export interface Database {
  readonly name: string;
  readonly version: string;
  /** Answers a statement whose white space is single blanks; undefined for one that is not known. */
  answer(sql: string): Table | undefined;
}

/** What a statement came to. */
interface Done {
  readonly tag: string;
  readonly table?: Table;
}

class SqlError extends Error {
  readonly code: string;

  constructor(code: string, complaint: string) {
    super(complaint);
    this.code = code;
  }
}

const sslRequest = 80_877_103;
const version3 = 196_608;

/** Serves one connection with a client until it ends. */
export function serveSession(socket: Socket, database: Database): void {
  const session = new Session(
    database,
    (bytes) => {
      if (socket.writable) socket.write(bytes);
    },
    () => socket.end(),
  );
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    try {
      session.read(chunk);
    } catch {
      socket.destroy();
    }
  });
}

/** One connection with a client: statements, prepared or not, and cursors over what they give. Nothing can be changed. */
class Session {
  readonly #database: Database;
  readonly #send: (bytes: Buffer) => void;
  readonly #end: () => void;
  readonly #messages = new Messages();
  readonly #cursors = new Map<string, { readonly table: Table; at: number }>();
  #statement = "";
  #transaction: "I" | "T" | "E" = "I";
  /** After an error of a prepared statement everything up to the next Sync is left out. */
  #isSkipping = false;
  #isOpen = false;

  constructor(database: Database, send: (bytes: Buffer) => void, end: () => void) {
    this.#database = database;
    this.#send = send;
    this.#end = end;
  }

  /** Throws at what is not the protocol. */
  read(chunk: Buffer): void {
    for (const message of this.#messages.take(chunk)) this.#take(message);
  }

  #take({ type, body }: Message): void {
    if (!this.#isOpen) return this.#greet(body);
    if (type === "X") return this.#end();
    if (type === "S") {
      this.#isSkipping = false;
      return this.#send(say.ready(this.#transaction));
    }
    if (this.#isSkipping) return;
    try {
      this.#answer(type, body);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      if (this.#transaction === "T") this.#transaction = "E";
      this.#send(say.error(error.code, error.message));
      if (type === "Q") this.#send(say.ready(this.#transaction));
      else this.#isSkipping = true;
    }
  }

  #greet(body: Buffer): void {
    const asked = body.readInt32BE(0);
    if (asked === sslRequest) return this.#send(say.noTls());
    if (asked !== version3) throw new Error("not version 3 of PostgreSQL's protocol");
    this.#isOpen = true;
    this.#messages.greeted();
    const wanted = parametersOf(body)["database"];
    if (wanted !== this.#database.name) {
      this.#send(say.error("3D000", `database "${wanted ?? ""}" does not exist`));
      return this.#end();
    }
    this.#send(Buffer.concat([say.welcome(this.#database.version), say.ready("I")]));
  }

  #answer(type: string, body: Buffer): void {
    switch (type) {
      case "P":
        this.#statement = textAt(body, textAt(body, 0).next).text;
        return this.#send(say.parsed());
      case "B":
        return this.#send(say.bound());
      case "C":
        return this.#send(say.closed());
      case "D": {
        if (body[0] === 0x53) this.#send(say.parameters((this.#statement.match(/\$\d+/g) ?? []).length));
        const { table } = this.#run(this.#statement, false);
        return this.#send(table ? say.columns(table.columns) : say.noData());
      }
      case "E":
        return this.#tell(this.#run(this.#statement, true));
      case "Q": {
        const done = this.#run(textAt(body, 0).text, true);
        if (done.table) this.#send(say.columns(done.table.columns));
        this.#tell(done);
        return this.#send(say.ready(this.#transaction));
      }
      default:
        return;
    }
  }

  #tell({ tag, table }: Done): void {
    this.#send(Buffer.concat([...(table?.rows.map((row) => say.row(row)) ?? []), say.complete(tag)]));
  }

  /** `isMeant` false only looks at what it would give. */
  #run(statement: string, isMeant: boolean): Done {
    const sql = statement.replaceAll(/\s+/g, " ").trim().replace(/;$/, "");
    if (/^(?:ROLLBACK|COMMIT|END)\b/i.test(sql)) return this.#close(isMeant);
    if (this.#transaction === "E")
      throw new SqlError("25P02", "current transaction is aborted, commands ignored until end of transaction block");
    if (/^BEGIN\b/i.test(sql)) {
      if (isMeant) this.#transaction = "T";
      return { tag: "BEGIN" };
    }
    const [, cursor, select] = /^DECLARE (\w+) (?:NO SCROLL )?CURSOR FOR (.+)$/i.exec(sql) ?? [];
    if (cursor !== undefined && select !== undefined) {
      const table = this.#select(select);
      if (isMeant) this.#cursors.set(cursor, { table, at: 0 });
      return { tag: "DECLARE CURSOR" };
    }
    const [, count, from] = /^FETCH FORWARD (\d+) FROM (\w+)$/i.exec(sql) ?? [];
    if (from !== undefined) return this.#fetch(from, Number(count), isMeant);
    const table = this.#select(sql);
    return { tag: `SELECT ${table.rows.length}`, table };
  }

  #close(isMeant: boolean): Done {
    if (isMeant) {
      this.#transaction = "I";
      this.#cursors.clear();
    }
    return { tag: "ROLLBACK" };
  }

  #fetch(name: string, count: number, isMeant: boolean): Done {
    const cursor = this.#cursors.get(name);
    if (!cursor) throw new SqlError("34000", `cursor "${name}" does not exist`);
    const { table, at } = cursor;
    const rows = table.rows.slice(at, at + count);
    if (isMeant) cursor.at += rows.length;
    return { tag: `FETCH ${rows.length}`, table: { columns: table.columns, rows } };
  }

  #select(sql: string): Table {
    const found = this.#ownAnswer(sql) ?? this.#database.answer(sql);
    if (found) return found;
    if (/^(?:SELECT|WITH|SHOW|TABLE|VALUES)\b/i.test(sql))
      throw new SqlError("0A000", "the simulated server answers only the statements that its system's file asks");
    throw new SqlError(
      "25006",
      `cannot execute ${sql.split(" ", 1)[0]?.toUpperCase() ?? ""} in a read-only transaction`,
    );
  }

  /** What a client asks of any server before it asks anything else. */
  #ownAnswer(sql: string): Table | undefined {
    if (sql.startsWith("SELECT set_config("))
      return { columns: [{ name: "set_config", type: types.text }], rows: [["on"]] };
    if (!sql.startsWith("SELECT current_database(), pg_is_in_recovery(), current_setting('server_version')"))
      return undefined;
    const columns = [
      { name: "current_database", type: types.text },
      { name: "pg_is_in_recovery", type: types.bool },
      { name: "current_setting", type: types.text },
    ];
    return { columns, rows: [[this.#database.name, "f", this.#database.version]] };
  }
}

function parametersOf(body: Buffer): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (let at = 4; at < body.length - 1; ) {
    const name = textAt(body, at);
    const value = textAt(body, name.next);
    found[name.text] = value.text;
    at = value.next;
  }
  return found;
}
