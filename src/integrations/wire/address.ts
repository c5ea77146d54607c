import { redact } from "../../domain/text/redact.ts";
import { type Endpoint, urlOf } from "./endpoint.ts";

/** The part of an address that may be shown: no credentials, no query, no fragment. */
export interface Address {
  /** Host and port, for example `127.0.0.1:8088`. */
  readonly host: string;
  /** The path; `?…` stands for a query, because tokens travel in queries. */
  readonly path: string;
}

/** The part of an address that may be shown; what is no URL is said to be none. */
export function addressOf(endpoint: Endpoint): Address {
  const url = urlOf(endpoint);
  if (!URL.canParse(url)) return { host: "an address that is not a URL", path: "" };
  const { host, pathname, search } = new URL(url);
  return { host, path: `${redact(pathname)}${search === "" ? "" : "?…"}` };
}

/** `127.0.0.1:8088/metrics`, fit for a card or a log. */
export function showAddress(url: Endpoint): string {
  const { host, path } = addressOf(url);
  return `${host}${path}`;
}

/** The whole of an address for a card: scheme, host, path and query, with secrets masked and references as they are written. */
export function wholeAddress(endpoint: Endpoint): string {
  return redact(urlOf(endpoint));
}
