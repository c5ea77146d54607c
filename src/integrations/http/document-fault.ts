import { BackendError } from "../../domain/failure.ts";
import { addressOf } from "../wire/address.ts";

/** What is wrong with the document that an address answered with, host first. */
export function documentFault(url: string, fault: "unwell" | "nonsense", said: string): BackendError {
  const { host, path } = addressOf(url);
  return new BackendError(host, { fault, detail: `GET ${path}${said}` });
}
