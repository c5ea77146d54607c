import { redact } from "../../domain/text/redact.ts";

/** The part of an address that may be shown: no credentials, no query, no fragment. */
export interface Address {
  /** Host and port, for example `127.0.0.1:8088`. */
  readonly host: string;
  /** The path; `?…` stands for a query, because tokens travel in queries. */
  readonly path: string;
}

/** The part of an address that may be shown; what is no URL is said to be none. */
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
