import { BackendError } from "../../domain/failure.ts";
import { type Datum, numberOf, numberWritten } from "../../domain/systems/exact.ts";

/** What INFO says, by the names that stand in it. */
export type RedisInfo = ReadonlyMap<string, string>;

/** The lines of an answer to INFO. Throws BackendError for what is none. */
export function parseInfo(label: string, answer: unknown): RedisInfo {
  const lines = typeof answer === "string" ? answer.split(/\r?\n/) : [];
  const info = new Map(
    lines.flatMap((line): [string, string][] => {
      const at = line.indexOf(":");
      return line.startsWith("#") || at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
    }),
  );
  if (info.has("redis_version")) return info;
  throw new BackendError(label, { fault: "nonsense", detail: "its answer to INFO names no redis_version" });
}

/** A field, or a part of one as in `db0.keys`; undefined where it is not said. A number keeps all of its digits. */
export function fieldOf(info: RedisInfo, name: string): Datum | undefined {
  const whole = info.get(name);
  if (whole !== undefined) return datumOf(whole);
  const [field = "", part] = name.split(".", 2);
  const parts = info.get(field)?.split(",") ?? [];
  const found = part === undefined ? undefined : parts.find((each) => each.startsWith(`${part}=`));
  return found === undefined ? undefined : datumOf(found.slice(`${part}=`.length));
}

/** A number that INFO says. Throws BackendError for what is not said, and for what is none. */
export function numberOfField(label: string, info: RedisInfo, name: string): number {
  const value = fieldOf(info, name);
  if (value === undefined) throw new BackendError(label, { fault: "missing", detail: `its INFO says no ${name}` });
  const number = numberOf(value);
  if (number !== undefined) return number;
  const detail = `${name} of its INFO is ${JSON.stringify(value).slice(0, 60)}, which is no number`;
  throw new BackendError(label, { fault: "nonsense", detail });
}

function datumOf(text: string): Datum {
  return /^-?\d+(?:\.\d+)?$/.test(text) ? numberWritten(text, Number(text)) : text;
}
