import { redact } from "../../domain/text/redact.ts";

/** The part of an address that may be shown: no credentials, no query, no fragment. */
export interface Address {
  /** Host and port, for example `127.0.0.1:8088`. */
  readonly host: string;
  /** The path; `?…` stands for a query, because tokens travel in queries. */
  readonly path: string;
}

export function addressOf(url: string): Address {
  if (!URL.canParse(url)) return { host: "an address that is not a URL", path: "" };
  const { host, pathname, search } = new URL(url);
  return { host, path: `${redact(pathname)}${search === "" ? "" : "?…"}` };
}

/** `127.0.0.1:8088/metrics`, fit for a card or a log. */
export function showAddress(url: string): string {
  const { host, path } = addressOf(url);
  return `${host}${path}`;
}

/** `750 ms`, `2 s`, `1.5 s`, `4 min`: how long something took or may take. */
export function showWait(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Number((ms / 1_000).toFixed(1))} s`;
  return `${Math.round(ms / 60_000)} min`;
}
