import { type Logger, LogLevel } from "@slack/web-api";
import type { Log } from "../../domain/log.ts";

/** How a socket ended: closed in either direction, silent although open, or because we wanted it. */
export type SocketLoss = "closed" | "silent" | "told to" | "for the count";

/**
 * What Slack's clients say goes to our log. The socket client says only there that a socket no longer answers pings, and then
 * waits half a minute for a farewell; `onLoss` hears of it at once.
 */
export function socketLogger(log: Log, onLoss: (loss: SocketLoss) => void): Logger {
  const say = (message: readonly unknown[]): void => {
    const words = message.map(String).join(" ");
    if (/\bp[io]ng wasn't received/i.test(words)) onLoss("silent");
    // The payloads it would log hold what people say, so only that something was said is kept.
    log.debug("Slack's client said something", { length: words.length });
  };
  return {
    debug() {},
    info() {},
    warn: (...message) => say(message),
    error: (...message) => say(message),
    setLevel() {},
    getLevel: () => LogLevel.WARN,
    setName() {},
  };
}
