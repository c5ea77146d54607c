import { chmodSync, rmSync } from "node:fs";
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import { withoutSchemas } from "../../http/without-schemas.ts";
import type { Bot } from "../surface.ts";
import {
  type FollowedLines,
  followPath,
  type ReloadAnswer,
  reloadPath,
  TerminalDelivery,
  TerminalFollow,
  terminalPath,
} from "./protocol.ts";
import { askBot } from "./terminal.ts";
import { WrongTokens } from "./wrong-tokens.ts";

export interface DoorPorts {
  readonly bot: Bot;
  /** The terminal account behind a token and, in the demo, the name given; undefined when neither may come in. */
  authenticate(token: string, as: string | undefined): Promise<string | undefined>;
  /** Is it the token of whoever owns the state folder? */
  isOwner(token: string): boolean;
  /** Reads the configuration anew. Never rejects. */
  reload(): Promise<ReloadAnswer>;
  /** What came of a log that this account follows; undefined where it follows none of that id. */
  followed(account: string, asked: TerminalFollow): Promise<FollowedLines | undefined>;
  /** Puts on record that so many more tokens were wrong. */
  onWrongTokens(count: number): void;
}

/** A door that is open. */
export interface TerminalDoor {
  close(): Promise<void>;
}

/** Opens the terminal's way in on a socket of its own, in a folder that lets nobody else in. What stood there is replaced. */
export async function openTerminalSocket(path: string, ports: DoorPorts): Promise<TerminalDoor> {
  rmSync(path, { force: true });
  const app = fastify({ ...withoutSchemas, logger: false, bodyLimit: 65_536, requestTimeout: 30_000 });
  const door = registerTerminalDoor(app, { ...ports, onSocket: true });
  await app.listen({ path });
  chmodSync(path, 0o600);
  return {
    async close() {
      await app.close();
      await door.close();
    },
  };
}

/**
 * The terminal's way in. It refuses whatever a browser sends, so that a page elsewhere cannot use it, and without a socket
 * of its own also every peer and every Host that is not this machine.
 */
export function registerTerminalDoor(
  app: FastifyInstance,
  ports: DoorPorts & { readonly onSocket?: boolean },
): TerminalDoor {
  const wrong = new WrongTokens((count) => ports.onWrongTokens(count));
  const refusalOf = (request: FastifyRequest): string | undefined =>
    refuseBrowsers(request) ?? (ports.onSocket ? undefined : refuseOthers(request));
  app.post(reloadPath, async (request, reply) => {
    const refused = refusalOf(request);
    if (refused) return reply.code(403).send({ error: refused });
    const token = tokenOf(request);
    if (token !== undefined && ports.isOwner(token)) return ports.reload();
    return refuseToken(wrong, reply, "That is not the token of whoever owns the bot's state folder.");
  });
  app.post(terminalPath, async (request, reply) => {
    const refused = refusalOf(request);
    if (refused) return reply.code(403).send({ error: refused });
    const asked = TerminalDelivery.safeParse(request.body);
    if (!asked.success) return reply.code(400).send({ error: "That is not a request of Wardroom's terminal command." });
    return answer(ports, wrong, { request, reply, asked: asked.data });
  });
  app.post(followPath, async (request, reply) => {
    const refused = refusalOf(request);
    if (refused) return reply.code(403).send({ error: refused });
    const asked = TerminalFollow.safeParse(request.body);
    if (!asked.success) return reply.code(400).send({ error: "That is not a request of Wardroom's terminal command." });
    return followed(ports, wrong, { request, reply, asked: asked.data });
  });
  return { close: async () => wrong.flush() };
}

async function followed(
  ports: DoorPorts,
  wrong: WrongTokens,
  { request, reply, asked }: { request: FastifyRequest; reply: FastifyReply; asked: TerminalFollow },
): Promise<unknown> {
  const token = tokenOf(request);
  const account = token === undefined ? undefined : await ports.authenticate(token, asked.as);
  if (account === undefined) return refuseToken(wrong, reply, unknownToken);
  return (await ports.followed(account, asked)) ?? reply.code(404).send({ error: "You follow no such log." });
}

const unknownToken = "That token is not known here. Ask an administrator to run: wardroom enrol <person>";

async function answer(
  ports: DoorPorts,
  wrong: WrongTokens,
  from: { request: FastifyRequest; reply: FastifyReply; asked: TerminalDelivery },
): Promise<unknown> {
  const token = tokenOf(from.request);
  const account = token === undefined ? undefined : await ports.authenticate(token, from.asked.as);
  if (account !== undefined)
    return askBot(ports.bot, { account, text: from.asked.text, delivery: from.asked.delivery });
  return refuseToken(wrong, from.reply, unknownToken);
}

function tokenOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer ([\w-]{20,200})$/.exec(headers.authorization ?? "")?.[1];
}

/** Every wrong token counts, whatever it was to open. */
function refuseToken(wrong: WrongTokens, reply: FastifyReply, error: string): FastifyReply {
  const { tooMany, retryAfterSeconds } = wrong.add();
  if (!tooMany) return reply.code(401).send({ error });
  return reply
    .code(429)
    .header("retry-after", String(retryAfterSeconds))
    .send({ error: "Too many wrong tokens were given here. Wait a minute, then give one that is known." });
}

const loopback = ["127.0.0.1", "::1", "::ffff:127.0.0.1"];

function refuseBrowsers({ headers }: FastifyRequest): string | undefined {
  if (headers.origin === undefined && headers["sec-fetch-site"] === undefined) return undefined;
  return "The terminal door is not for browsers.";
}

/** The server may be told to listen beyond this machine; the door is not. */
function refuseOthers({ headers, socket }: FastifyRequest): string | undefined {
  const host = (headers.host ?? "").replace(/:\d+$/, "");
  const isHere = loopback.includes(socket.remoteAddress ?? "") && ["127.0.0.1", "localhost", "[::1]"].includes(host);
  return isHere ? undefined : "The terminal door answers on this machine only.";
}
