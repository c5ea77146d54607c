import { BackendError } from "../../domain/failure.ts";
import { addressOf } from "../wire/address.ts";
import type { Endpoint } from "../wire/endpoint.ts";

/** What is wrong with the document that an address answered with, host first. */
export function documentFault(url: Endpoint, fault: "unwell" | "nonsense", said: string): BackendError {
  const { host, path } = addressOf(url);
  return new BackendError(host, { fault, detail: `GET ${path}${said}` });
}
