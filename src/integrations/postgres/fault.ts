import { BackendError, type BackendFault } from "../../domain/failure.ts";
import { redact } from "../../domain/text/redact.ts";
import { unconnectedWords } from "../wire/connection-words.ts";
import type { PostgresConnection } from "./connection.ts";

/** What a server, or the way to it, said against what was asked. `code` is an SQLSTATE or a code of Node. */
export interface Complaint {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Where it was asked, as it may be told, and as whom. */
export interface AskedAt {
  readonly label: string;
  readonly user: string;
  readonly database: string;
  readonly connection: PostgresConnection;
}

interface Words {
  readonly fault: BackendFault;
  readonly detail: string;
}

const longestMessage = 300;

/** What went wrong, in plain words and with what to do, where the code of it is known. */
export function postgresFault(at: AskedAt, complaint: Complaint): BackendError {
  const { fault, detail } = wordsFor(at, complaint);
  return new BackendError(at.label, { fault, detail });
}

function wordsFor(at: AskedAt, { code, message, hint }: Complaint): Words {
  const said = redact(message).slice(0, longestMessage);
  const known = byCode(at, code, said);
  if (known) return known;
  if (/does not support SSL/.test(message))
    return {
      fault: "unreachable",
      detail: "it does not speak TLS: turn it on there, or write tls: disable where the network is trusted",
    };
  const unconnected = unconnectedWords(
    { base: "https://server", ...(at.connection.ca && { ca: at.connection.ca }) },
    code,
  );
  if (unconnected !== undefined) return { fault: "unreachable", detail: unconnected };
  if (code === "ENOENT" || code === "EACCES")
    return { fault: "unreachable", detail: "there is no server at that socket that the bot may speak to" };
  const more = hint === undefined ? "" : ` (${redact(hint).slice(0, longestMessage)})`;
  // Class 22 is about values, 42 about what is written, 0A about what it does not do: nothing happened.
  if (/^(?:22|42|0A)/.test(code)) return { fault: "refused", detail: `${said}${more}` };
  return { fault: "broken", detail: `${said}${more}` };
}

function byCode({ user, database, connection }: AskedAt, code: string, said: string): Words | undefined {
  switch (code) {
    case "28P01":
      return { fault: "unauthorised", detail: `the password of the user ${user} was refused` };
    case "28000":
      return {
        fault: "unauthorised",
        detail: `the user ${user} is not let in from here: ${said}; see pg_hba.conf there`,
      };
    case "3D000":
      return { fault: "missing", detail: `there is no database ${database}` };
    case "42501":
      return { fault: "unauthorised", detail: `${said}${grantFor(user, said)}` };
    case "57014":
      return { fault: "timeout", detail: "it was ended there, because it took longer than it may" };
    case "55P03":
      return { fault: "timeout", detail: "it waited too long for a lock that another session holds" };
    case "25006":
      return { fault: "refused", detail: `it would change something, and only reads: ${said}` };
    case "53300":
      return { fault: "overloaded", detail: `it takes no more connections: ${said}` };
    case "57P03":
      return { fault: "overloaded", detail: `it takes no questions yet: ${said}` };
    case "57P01":
      return { fault: "broken", detail: "an administrator ended the session" };
    case "42601":
      return {
        fault: "refused",
        detail: /multiple commands/.test(said) ? "it is more than one statement: write one" : said,
      };
    default:
      return connection.tls === "disable" && /no pg_hba.conf entry/.test(said)
        ? { fault: "unauthorised", detail: said }
        : undefined;
  }
}

/** The right that is missing, as it is granted. */
function grantFor(user: string, said: string): string {
  const [, kind = "", name = ""] =
    /permission denied for (table|view|materialized view|schema|function|sequence|relation) (\S+)/.exec(said) ?? [];
  const right = { schema: "USAGE ON SCHEMA", function: "EXECUTE ON FUNCTION", sequence: "SELECT ON SEQUENCE" }[kind];
  return kind === ""
    ? `; grant it to ${user}, as with GRANT pg_monitor TO ${user}`
    : `: GRANT ${right ?? "SELECT ON"} ${name} TO ${user}`;
}
