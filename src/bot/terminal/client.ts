import { randomBytes } from "node:crypto";
import { TerminalAnswer, type TerminalDelivery, terminalPath } from "./protocol.ts";

/** How a running bot is reached: its port, and the token that opens the door. */
export interface DoorAddress {
  readonly port: number;
  readonly token: string;
}

/** Nobody answers on the port: there is no running bot to ask. */
export class NoBotError extends Error {
  override readonly name = "NoBotError";
}

/** Asks a running bot. Throws NoBotError when there is none, Error with its words when it refuses. */
export async function askRunningBot(
  door: DoorAddress,
  asked: { readonly text: string; readonly as?: string },
): Promise<TerminalAnswer> {
  const body: TerminalDelivery = {
    text: asked.text,
    delivery: randomBytes(16).toString("base64url"),
    ...(asked.as !== undefined && { as: asked.as }),
  };
  let response: Response;
  try {
    response = await fetch(`http://127.0.0.1:${door.port}${terminalPath}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${door.token}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(40_000),
    });
  } catch (error) {
    throw new NoBotError(`no bot answers on port ${door.port}`, { cause: error });
  }
  const answer: unknown = await response.json();
  if (response.ok) return TerminalAnswer.parse(answer);
  const words =
    typeof answer === "object" && answer !== null && "error" in answer
      ? String(answer.error)
      : `it answered ${response.status}`;
  throw new Error(words);
}
