import { BackendError, errorCode } from "../../domain/failure.ts";
import { redact } from "../../domain/text/redact.ts";
import { unconnectedWords } from "../wire/connection-words.ts";
import type { RedisConnection } from "./connection.ts";

const longestMessage = 300;

/** What went wrong with a server, or on the way to it, in plain words and with what to do where that is known. */
export function redisFault(label: string, connection: RedisConnection, error: unknown): BackendError {
  if (error instanceof BackendError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const to = { base: "https://server", ...(connection.ca && { ca: connection.ca }) };
  const unconnected = unconnectedWords(to, errorCode(error) ?? "");
  if (unconnected !== undefined) return new BackendError(label, { fault: "unreachable", detail: unconnected });
  return new BackendError(label, wordsOf(redact(message).slice(0, longestMessage)));
}

function wordsOf(said: string): ConstructorParameters<typeof BackendError>[1] {
  const [code = ""] = said.split(" ", 1);
  switch (code) {
    case "NOAUTH":
      return { fault: "unauthorised", detail: "it wants a password: name one as password" };
    case "WRONGPASS":
      return { fault: "unauthorised", detail: "it refused the user or the password" };
    case "NOPERM":
      return { fault: "unauthorised", detail: `${said}; let the user do it there, as with ACL SETUSER … +info +ping` };
    case "LOADING":
    case "BUSY":
      return { fault: "overloaded", detail: `it takes no questions yet: ${said}` };
    default:
      break;
  }
  if (/called without any password configured/.test(said))
    return {
      fault: "unauthorised",
      detail: "it has no password, and one is sent: leave password out, or set it there",
    };
  if (/^Protocol error|^Unknown RESP type/.test(said))
    return { fault: "nonsense", detail: "what listens there does not speak Redis's protocol: check host and port" };
  if (/connection is closed|ended by the other|ECONNRESET|EPIPE/i.test(said))
    return { fault: "broken", detail: "it ended the connection before it answered" };
  return { fault: "broken", detail: said };
}
