import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from "pino";
import type { Log } from "../domain/log.ts";
import { scrub, scrubText } from "./scrub.ts";

export const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogOptions {
  readonly level: LogLevel;
  /** Where the JSON lines go. Standard error when left out, because standard output belongs to answers. */
  readonly stream?: DestinationStream;
}

/**
 * One JSON object a line: `level`, `time` (ISO 8601), `msg`, the bindings of `child` and the data of the call.
 * Secrets are masked in all of them, at any depth, in errors and their causes too.
 */
export function createLog(options: LogOptions): Log {
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      // Data arrives scrubbed; pino's own reading of errors would take it for a bare object.
      serializers: { err: (safe: unknown) => safe },
      formatters: { level: (label) => ({ level: label }) },
    },
    // Written at once: a line lost with the process is the line that would have said why.
    options.stream ?? destination({ fd: 2, sync: true }),
  );
  return logOver(() => logger);
}

function logOver(made: () => Logger): Log {
  const write =
    (level: "debug" | "info" | "warn" | "error") =>
    (message: string, data: object = {}): void => {
      const logger = made();
      if (logger.isLevelEnabled(level)) logger[level](dataOf(data, level === "error"), scrubText(message));
    };
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    child: (bindings) => {
      // Made when it first says something: one is opened for every command, ahead of its acknowledgement.
      let child: Logger | undefined;
      return logOver(() => (child ??= made().child(dataOf(bindings))));
    },
  };
}

/**
 * The line's own fields cannot be overwritten by data: a name that collides gets an underscore. What is only warned of was
 * foreseen, so where in the code it was noticed helps nobody.
 */
function dataOf(data: object, stacks = false): Record<string, unknown> {
  const given = data instanceof Error || Array.isArray(data) ? { err: data } : data;
  const safe = scrub(given, { stacks });
  if (typeof safe !== "object" || safe === null) return {};
  return Object.fromEntries(
    Object.entries(safe).map(([name, value]) => [["level", "time", "msg"].includes(name) ? `${name}_` : name, value]),
  );
}
