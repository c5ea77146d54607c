import { holdsSecret, looksSecret } from "./literal.ts";
import type { Path } from "./problem.ts";

/**
 * Does a variable at this place of a system's file stay a reference until something is sent? So it is in the bodies of steps,
 * in the user, password, query and header parts of addresses, and for whatever looks secret elsewhere in an address. Plain base
 * addresses are filled in, so that cards can show where something goes.
 */
export function staysReference(
  path: Path,
  text: string,
  { name, value, at }: { readonly name: string; readonly value: string; readonly at: number },
): boolean {
  if (isBody(path)) return true;
  // Nothing secret belongs on a command line: what stays a reference there is refused.
  if (path.includes("command")) return looksSecret(name) || holdsSecret(value);
  if (at === 0 || !/^(?:https?:\/\/|\$\{)/.test(text)) return false;
  const before = text.slice(0, at);
  const userinfo = /^https?:\/\/[^/?#]*$/.test(before) && /^[^/?#]*@/.test(text.slice(at));
  return userinfo || /[?#]/.test(before) || looksSecret(name) || holdsSecret(value);
}

/**
 * May `env:NAME` alone stand here for a credential? In how something is reached: below `backends`, and below `auth`, as the variables
 * that a program is given, and as the address and the password of a database, wherever that is said.
 */
export function namesCredentials(path: Path): boolean {
  const reached = path[0] === "backends" || path.includes("auth") || path.at(-2) === "set";
  return reached || path.at(-1) === "url" || path.at(-1) === "password";
}

/** `operations.x.steps[0].http.json.key`; `json` below a watch is what it reads. */
function isBody(path: Path): boolean {
  const step = path.findIndex((each) => each === "steps" || each === "verify");
  return path[0] === "operations" && step > 0 && path[step + 2] !== "watch" && path.slice(step).includes("json");
}
