import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { request } from "../../http/node-http.ts";
import { distrustOf } from "./private-socket.ts";
import {
  FollowedLines,
  followPath,
  ReloadAnswer,
  reloadPath,
  TerminalAnswer,
  type TerminalDelivery,
  type TerminalFollow,
  terminalPath,
} from "./protocol.ts";

/** How a running bot is reached: its socket, or where that was asked for its port; and the token that opens the door. */
export interface DoorAddress {
  readonly at: { readonly socket: string } | { readonly port: number };
  readonly token: string;
}

/** Longer than any command may take. */
const answerMs = 40_000;
const mostBytes = 64 * 1_048_576;

/** Nobody answers there: there is no running bot to ask, and nothing was asked. */
export class NoBotError extends Error {
  override readonly name = "NoBotError";
}

/**
 * Asks a running bot. Throws NoBotError when there is none; Error with its words when it refuses, when the answer is lost,
 * and when the socket could be another's, before anything is sent there.
 */
export async function askRunningBot(
  door: DoorAddress,
  asked: { readonly text: string; readonly as?: string },
): Promise<TerminalAnswer> {
  const body: TerminalDelivery = {
    text: asked.text,
    delivery: randomBytes(16).toString("base64url"),
    ...(asked.as !== undefined && { as: asked.as }),
  };
  return TerminalAnswer.parse(await exchange(door, terminalPath, body));
}

/** Asks a running bot for new lines of a log that it follows for whoever asks. Throws as asking does. */
export async function askForLines(door: DoorAddress, asked: TerminalFollow): Promise<FollowedLines> {
  return FollowedLines.parse(await exchange(door, followPath, asked));
}

/**
 * Tells a running bot to read its files anew, with the token of whoever owns its state folder. Throws as asking does.
 */
export async function reloadRunningBot(door: DoorAddress): Promise<ReloadAnswer> {
  return ReloadAnswer.parse(await exchange(door, reloadPath, {}));
}

async function exchange(door: DoorAddress, path: string, body: object): Promise<unknown> {
  if ("socket" in door.at) {
    const distrust = trust(door.at.socket);
    if (distrust !== undefined) throw new Error(distrust);
  }
  const { status, text } = await post(door, path, JSON.stringify(body));
  const answer = jsonOr(text);
  if (status === 200) return answer;
  const words =
    typeof answer === "object" && answer !== null && "error" in answer ? String(answer.error) : `it answered ${status}`;
  throw new Error(words);
}

function trust(socket: string): string | undefined {
  try {
    return distrustOf(socket);
  } catch (error) {
    throw new NoBotError(`no bot answers on ${socket}`, { cause: error });
  }
}

function post(
  door: DoorAddress,
  path: string,
  body: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const where = "socket" in door.at ? { socketPath: door.at.socket } : { host: "127.0.0.1", port: door.at.port };
  const name = "socket" in door.at ? door.at.socket : `port ${door.at.port}`;
  const headers = {
    host: "localhost",
    "content-type": "application/json",
    authorization: `Bearer ${door.token}`,
  };
  return new Promise((resolve, reject) => {
    const asking = request({ ...where, method: "POST", path, headers, agent: false }, (response) => {
      collect(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
    });
    asking.setTimeout(answerMs, () => asking.destroy(new Error("no answer in time")));
    asking.on("error", (error: NodeJS.ErrnoException) =>
      reject(
        ["ECONNREFUSED", "ENOENT"].includes(error.code ?? "")
          ? new NoBotError(`no bot answers on ${name}`, { cause: error })
          : new Error(`The bot did not answer to the end; what was asked may have been done (${error.message}).`),
      ),
    );
    asking.end(body);
  });
}

async function collect(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > mostBytes) throw new Error("The answer is larger than a terminal takes.");
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
