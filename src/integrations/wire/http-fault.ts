import { z } from "zod";
import { BackendError, type BackendFault } from "../../domain/failure.ts";
import { showWait } from "../../domain/text/duration.ts";
import { redact } from "../../domain/text/redact.ts";
import type { Answered, Failure, Method } from "../../http/exchange.ts";
import { STATUS_CODES } from "../../http/node-http.ts";
import { addressOf } from "./address.ts";
import { refusesCertificate, unconnectedWords } from "./connection-words.ts";
import { connectionOf, type Endpoint } from "./endpoint.ts";

/** A call, as far as an error may tell of it. */
export interface ToldCall {
  readonly url: Endpoint;
  readonly method: Method;
  readonly deadlineMs: number;
}

/** A problem in the words of a card: host first, then what was asked and what came of it. */
export function problem(
  call: Pick<ToldCall, "url" | "method">,
  fault: BackendFault,
  what: { readonly said: string; readonly status?: number },
): BackendError {
  const { host, path } = addressOf(call.url);
  const doubt = fault === "lost" ? "; it may have taken effect" : "";
  return new BackendError(host, {
    fault,
    detail: `${call.method} ${path} ${what.said}${doubt}`,
    reason: what.said,
    ...(what.status !== undefined && { status: what.status }),
  });
}

/** No answer came, or not all of one. Before anything was sent nothing can have happened; after it a change is lost. */
export function failureOf(call: ToldCall, failure: Failure, tookMs: number): BackendError {
  return problem(call, faultOf(call, failure), { said: sayFailure(call, failure, tookMs) });
}

function faultOf(call: ToldCall, failure: Failure): BackendFault {
  const changing = call.method !== "GET";
  if (isUnsent(failure)) return failure.cause === "deadline" && !changing ? "timeout" : "unreachable";
  if (changing) return "lost";
  switch (failure.cause) {
    case "deadline":
      return "timeout";
    case "oversize":
      return "nonsense";
    case "connection":
      return failure.code.startsWith("HPE_") ? "nonsense" : "broken";
  }
}

/** Certain that the target has read nothing of the call. */
function isUnsent({ phase, cause, code }: Failure): boolean {
  return phase === "connecting" || (phase === "sent" && cause === "connection" && refusesCertificate(code));
}

function sayFailure(call: ToldCall, failure: Failure, tookMs: number): string {
  const within = `within ${showWait(call.deadlineMs)}`;
  const { auth, proxy } = connectionOf(call.url);
  const hint = auth?.mtls ? ", as services also do that refuse a client certificate" : "";
  switch (failure.cause) {
    case "oversize":
      return "answered more than may be read";
    case "deadline":
      if (isUnsent(failure)) return `got no connection ${proxy === undefined ? "" : "through its proxy "}${within}`;
      return failure.phase === "sent" ? `gave no answer ${within}` : `did not finish its answer ${within}`;
    case "connection":
      if (failure.code.startsWith("HPE_")) return "answered something that is not HTTP";
      if (isUnsent(failure)) return unconnectedWords(call.url, failure.code) ?? `could not be sent (${failure.code})`;
      if (failure.phase === "sent") return `lost the connection after ${showWait(tookMs)}, before an answer${hint}`;
      return `lost the connection in the middle of the answer, after ${showWait(tookMs)}`;
  }
}

/** An answer whose status is not a success; undefined for 2xx. */
export function refusalOf(call: ToldCall, answer: Answered): BackendError | undefined {
  const { status } = answer;
  if (status >= 200 && status < 300) return undefined;
  const reason = reasonOf(answer);
  const said = `answered ${status} ${STATUS_CODES[status] ?? ""}`.trimEnd();
  return problem(call, statusFault(status, call.method !== "GET"), {
    said: reason ? `${said}: ${reason}` : said,
    status,
  });
}

/** What nginx answers for a client that has gone: it had passed the call on already. */
const clientGone = 499;

/** A change that met a 5xx may have happened before the target broke; only a 4xx is a definite no. */
function statusFault(status: number, changing: boolean): BackendFault {
  if (status === 401 || status === 403 || status === 407) return "unauthorised";
  if (status === 404 || status === 410) return "missing";
  if (status === 429 || status === 503) return "overloaded";
  if (status === 408 || status === clientGone) return changing ? "lost" : "timeout";
  if (status >= 500) return changing ? "lost" : "broken";
  return status >= 400 ? "refused" : "nonsense";
}

const Reason = z
  .object({ error: z.unknown(), detail: z.unknown(), message: z.unknown(), reason: z.unknown(), status: z.unknown() })
  .partial();
const reasonLength = 160;

/** The target's own reason out of a JSON answer: masked, one line, short; undefined when there is none to tell. */
export function reasonOf(answer: Answered): string | undefined {
  const said = Reason.safeParse(tryJson(answer.body.toString("utf8")));
  if (!said.success) return undefined;
  const { error, detail, message, reason, status } = said.data;
  const text = [error, detail, message, reason, status].find((each) => typeof each === "string" && each !== "");
  if (typeof text !== "string") return undefined;
  const line = redact(text).replaceAll(/\s+/g, " ").trim();
  return line.length > reasonLength ? `${line.slice(0, reasonLength)}…` : line;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
