import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Bot } from "../surface.ts";
import { TerminalDelivery, terminalPath } from "./protocol.ts";
import { askBot } from "./terminal.ts";

export interface DoorPorts {
  readonly bot: Bot;
  /** The terminal account behind a token and, in the demo, the name given; undefined when neither may come in. */
  authenticate(token: string, as: string | undefined): Promise<string | undefined>;
}

/**
 * The terminal's way in. It binds with the server, which is loopback; on top it refuses whatever a browser sends, so that
 * a page elsewhere cannot use it, and every Host that is not this machine.
 */
export function registerTerminalDoor(app: FastifyInstance, ports: DoorPorts): void {
  app.post(terminalPath, async (request, reply) => {
    const refused = refuseBrowsers(request);
    if (refused) return reply.code(403).send({ error: refused });
    const asked = TerminalDelivery.safeParse(request.body);
    if (!asked.success) return reply.code(400).send({ error: "That is not a request of Wardroom's terminal command." });
    return answer(ports, { request, reply, asked: asked.data });
  });
}

async function answer(
  ports: DoorPorts,
  from: { request: FastifyRequest; reply: FastifyReply; asked: TerminalDelivery },
): Promise<unknown> {
  const token = /^Bearer ([\w-]{20,200})$/.exec(from.request.headers.authorization ?? "")?.[1];
  const account = token === undefined ? undefined : await ports.authenticate(token, from.asked.as);
  if (account === undefined) {
    return from.reply
      .code(401)
      .send({ error: "That token is not known here. Ask an administrator to run: wardroom enrol <person>" });
  }
  return askBot(ports.bot, { account, text: from.asked.text, delivery: from.asked.delivery });
}

const loopback = ["127.0.0.1", "::1", "::ffff:127.0.0.1"];

function refuseBrowsers(request: FastifyRequest): string | undefined {
  // The server may be told to listen beyond this machine; the door is not.
  if (!loopback.includes(request.socket.remoteAddress ?? "")) return "The terminal door answers on this machine only.";
  if (request.headers.origin !== undefined || request.headers["sec-fetch-site"] !== undefined)
    return "The terminal door is not for browsers.";
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  if (!["127.0.0.1", "localhost", "[::1]"].includes(host)) return "The terminal door answers on this machine only.";
  return undefined;
}
