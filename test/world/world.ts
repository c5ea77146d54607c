import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { plainCard } from "../../src/bot/chat/plain-card.ts";
import { createBot, type RunningBot } from "../../src/compose/bot.ts";
import { placeOf } from "../../src/compose/config.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { createMeasurements } from "../../src/ops/metrics.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import { FakeChat } from "../fakes/chat.ts";
import { quiet } from "../stories/room.ts";

/** What stands at an address: data as some program in the world really writes it. */
export type Served =
  | string
  | Buffer
  | {
      readonly body?: string | Buffer;
      readonly status?: number;
      readonly type?: string;
      /** `HOST` is the address's own. */
      readonly location?: string;
      readonly gzip?: true;
    };

/** A system that is one such program, and what the bot has to answer about it. */
export interface Case {
  /** Also the system's id. */
  readonly id: string;
  /** The rest of its YAML, where `URL` is its address and `ROOT` the folder of its files. */
  readonly system: string;
  /** By path. */
  readonly http?: Readonly<Record<string, Served>>;
  /** By name; written as the bot starts, so that every file has just been written. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** What is asked, with what the answer has to say and what it may not say. */
  readonly asked: readonly Asked[];
}

interface Asked {
  readonly ask: string;
  readonly says: readonly (string | RegExp)[];
  readonly never?: readonly (string | RegExp)[];
}

/** A moment so long ago as the data has it, with how it is to be written. */
export function before(ms: number, write: (at: Date) => string): string {
  // Of now, not of when this module was loaded: files share their process, and another may have loaded it long ago.
  return write(new Date(Date.now() - ms));
}

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** ISO 8601 of a moment so long ago, in UTC and whole seconds, without a zone. */
export function iso(msAgo: number): string {
  return before(msAgo, (at) => at.toISOString().slice(0, 19));
}

const wardroom = `version: 1
roles: [{ id: lead, title: Lead, may: [read, query, respond, ask, approve, stop, audit] }]
channels:
  - { id: ops, title: Ops, surface: console, channel: ops, systems: "*", allow: [read, query, respond, ask, approve, stop, audit], requests: true }
direct: { allow: [read, query] }
policy:
  tiers:
    - { id: notice, alternatives: [] }
    - { id: critical, alternatives: [[{ role: lead }]], decideBy: 15m, window: 5m }
  rules: [{ risk: destructive, tier: critical }, { risk: change, tier: notice }]
history: { every: 1h, keep: 24h }
alerts: { watch: off }
`;
const people = `people:
  - { id: kim, name: Kim, accounts: { console: [kim] }, grants: [{ role: lead, systems: "*" }] }
  - { id: lee, name: Lee, accounts: { console: [lee] }, grants: [{ role: lead, systems: "*" }] }
`;

/** The whole bot over all the cases of a file, each a system with a real address and real files. */
export function describeWorld(cases: readonly Case[]): {
  says(text: string): Promise<string>;
  readonly sent: string[];
} {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-world-"));
  const chat = new FakeChat("console");
  const sent: string[] = [];
  const server = serve(cases, sent);
  let bot: RunningBot | undefined;
  beforeAll(async () => {
    const url = await server.listening;
    layFiles(folder, cases, url);
    const loaded = await loadConfig(placeOf(join(folder, "config")), { variables: {}, unset: "refuse" });
    if (!("config" in loaded)) throw new Error(JSON.stringify(loaded.problems, undefined, 1));
    const store = openSqliteStore({ path: join(folder, "state.db") });
    bot = await createBot({ store, config: loaded.config, log: quiet, meter: createMeasurements().meter, alone: true });
    bot.work([{ courier: chat }]);
  });
  afterAll(async () => {
    await bot?.stop();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const says = async (text: string): Promise<string> => {
    if (!bot) throw new Error("the bot did not start");
    const { message, form } = await chat.ask(bot.pipeline, { account: "kim", content: { kind: "text", text } });
    return message ? plainCard(message.content.card, Date.now()) : JSON.stringify(form);
  };
  for (const { id, asked } of cases) {
    it.each(asked)(`${id}: $ask`, async ({ ask, says: wanted, never = [] }) => {
      const answer = await says(ask);
      for (const each of wanted) expect(answer).toMatch(each);
      for (const each of never) expect(answer).not.toMatch(each);
    });
  }
  return { says, sent };
}

function layFiles(folder: string, cases: readonly Case[], url: string): void {
  const write = (path: string, bytes: string | Buffer): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  };
  write(join(folder, "config", "wardroom.yaml"), wardroom);
  write(join(folder, "config", "people.yaml"), people);
  for (const { id, system, files = {} } of cases) {
    const root = join(folder, "files", id);
    const said = system.replaceAll("URL", `${url}/${id}`).replaceAll("ROOT", root);
    const health = /^health:/m.test(system) ? "" : `health: [{ id: self, http: "${url}/well" }]\n`;
    write(join(folder, "config", "systems", `${id}.yaml`), `id: ${id}\ntitle: ${id}\n${health}${said}`);
    for (const [name, bytes] of Object.entries(files)) write(join(root, name), bytes);
  }
}

function serve(cases: readonly Case[], sent: string[]) {
  const served = new Map<string, Served>([["/well", '{"status":"ok"}']]);
  for (const { id, http = {} } of cases)
    for (const [path, answer] of Object.entries(http)) served.set(`/${id}/${path}`, answer);
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    const found = served.get(path);
    const answer = typeof found === "string" || Buffer.isBuffer(found) ? { body: found } : found;
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      if (request.method !== "GET") sent.push(`${path} ${body}`);
      const type = answer?.type ?? (path.endsWith(".json") ? "application/json" : "text/plain; charset=utf-8");
      response.writeHead(answer ? (answer.status ?? 200) : 404, {
        "content-type": type,
        ...(answer?.location !== undefined && {
          location: answer.location.replace("HOST", request.headers.host ?? ""),
        }),
        ...(answer?.gzip && { "content-encoding": "gzip" }),
      });
      response.end(answer?.gzip ? gzipSync(answer.body ?? "") : answer?.body);
    });
  });
  const listening = new Promise<string>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(address !== null && typeof address === "object" ? `http://127.0.0.1:${address.port}` : "");
    });
  });
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { listening, close };
}
