import { z } from "zod";
import { isDefiniteRefusal } from "../../domain/failure.ts";
import { Datum, writeExactly } from "../../domain/systems/exact.ts";
import { argumentsIn, fillLiterally, type PlanValues } from "../../domain/systems/placeholders.ts";
import type { StepEnd, StepKindOf } from "../../domain/systems/steps.ts";
import { showWait } from "../../domain/text/duration.ts";
import { redact } from "../../domain/text/redact.ts";
import type { Answered } from "../../http/exchange.ts";
import { addressOf, showAddress, wholeAddress } from "../wire/address.ts";
import { Endpoint, endpointArguments, fillEndpoint } from "../wire/endpoint.ts";
import { bodyJson, type Http, type HttpAnswer, isWebPage } from "../wire/http.ts";
import { reasonOf } from "../wire/http-fault.ts";
import { stepFailureWords } from "../wire/step-failure.ts";
import { refusalWithin, toldOfKey } from "./standing.ts";

/** Short, because the executor asks it while its lease on the run is running. */
const probeDeadlineMs = 3_000;

/**
 * One HTTP call that changes something. `{name}` in its addresses and in the texts it sends is an argument of the operation.
 * The idempotency key is the request and step, so a repeat has one effect.
 */
export const HttpStep = z.strictObject({
  method: z.enum(["POST", "PUT", "PATCH", "DELETE"]),
  url: Endpoint,
  json: z.record(z.string(), z.union([Datum, z.null()])).optional(),
  idempotencyHeader: z.string().default("Idempotency-Key"),
  /**
   * Asked with the idempotency key when the answer was lost: 200 means done, 404 means it never arrived, either only in JSON
   * that names the key. A bare 404 may come from a route that is not there, and a bare 200 from anybody.
   */
  probe: Endpoint.optional(),
  timeoutMs: z.int().min(100).max(60_000).default(10_000),
});
export type HttpStep = z.output<typeof HttpStep>;

/** A change is sent once, under its idempotency key; what is not known is said so. */
export function httpStep(http: Http): StepKindOf<HttpStep> {
  return {
    kind: "http",
    key: "http",
    schema: HttpStep,
    does: "changes",
    brings: true,
    placeholders: ({ url, probe, json }) => [
      ...[url, ...(probe === undefined ? [] : [probe])]
        .flatMap(endpointArguments)
        .map((name) => ({ name, inAddress: true })),
      ...Object.values(json ?? {})
        .flatMap(argumentsIn)
        .map((name) => ({ name, inAddress: false })),
    ],
    resolve: ({ url, probe, json, ...rest }, values) => ({
      ...rest,
      url: fillEndpoint(url, values),
      ...(probe !== undefined && { probe: fillEndpoint(probe, values) }),
      ...(json && { json: fillBody(json, values) }),
    }),
    describe: ({ method, url, json }) => `${method} ${wholeAddress(url)}${json ? ` ${bodyWords(json)}` : ""}`,
    budgetMs: ({ timeoutMs }) => timeoutMs,
    run: (step, { key }) => send(http, step, key),
    probe: (step, key) => lookUp(http, step, key),
    canProbe: ({ probe }) => probe !== undefined,
    probeRemedy: "Add `probe:`, an address that tells by the idempotency key whether it was done.",
  };
}

/** What refers to an argument that was left out is left out. */
function fillBody(json: NonNullable<HttpStep["json"]>, values: PlanValues): NonNullable<HttpStep["json"]> {
  return Object.fromEntries(
    Object.entries(json).flatMap(([key, value]) => {
      const filled = value === null ? null : fillLiterally(value, values);
      return filled === undefined ? [] : [[key, filled]];
    }),
  );
}

/** Longer bodies are in the file of the request, which its card offers. */
const bodyLength = 200;

/** A body for a card: what is sent, with what looks like a secret masked. */
function bodyWords(json: NonNullable<HttpStep["json"]>): string {
  const text = redact(writeExactly(json));
  return text.length > bodyLength ? `${text.slice(0, bodyLength)}… (whole in the file)` : text;
}

/** Sends the change, once. Whether a lost answer was a lost change is `lookUp`'s question, for whoever holds the run. */
async function send(http: Http, step: HttpStep, key: string): Promise<StepEnd> {
  const { method, url, json, idempotencyHeader, timeoutMs } = step;
  try {
    const answer = await http.send({
      backend: addressOf(url).host,
      url,
      method,
      headers: { [idempotencyHeader]: key },
      ...(json && { json }),
      deadlineMs: timeoutMs,
    });
    return judgeAnswer(url, answer);
  } catch (error) {
    return { outcome: isDefiniteRefusal(error) ? "refused" : "unknown", detail: stepFailureWords(error) };
  }
}

/**
 * A 2xx is done, but for a web page, which came from something in the target's place, and for what says of itself that it went
 * wrong: whether that had an effect nobody knows.
 */
function judgeAnswer(url: Endpoint, { status, type, body, latencyMs }: HttpAnswer<Answered>): StepEnd {
  if (isWebPage(type, body.body.toString("utf8", 0, 512))) {
    return {
      outcome: "unknown",
      detail: `answered ${status} with a web page, perhaps a login page; it may not have reached the target`,
    };
  }
  const reason = reasonOf(body);
  const said = reason === undefined ? "" : `: ${reason}`;
  const value = z.json().safeParse(jsonIn({ url }, body)).data;
  const against = refusalWithin(value ?? body.body.toString("utf8"));
  if (against !== undefined)
    return { outcome: "unknown", detail: `answered ${status} and says ${against} of itself${said}` };
  return {
    outcome: "done",
    detail: `answered ${status} in ${showWait(latencyMs)}${said}`,
    ...(value !== undefined && { value }),
  };
}

/**
 * Asks the target whether the key took effect: 200 that it did, 404 that it never came. Only an answer that speaks of the key
 * counts as the target's word; anything else tells nothing.
 */
async function lookUp(http: Http, step: HttpStep, key: string): Promise<StepEnd> {
  const { probe, idempotencyHeader } = step;
  if (probe === undefined) return { outcome: "unknown", detail: "the target cannot be asked whether it happened" };
  try {
    const { status, type, body } = await http.send({
      backend: addressOf(probe).host,
      url: probe,
      headers: { [idempotencyHeader]: key },
      deadlineMs: probeDeadlineMs,
      answers: [404],
    });
    if (isWebPage(type, body.body.toString("utf8", 0, 512))) {
      return {
        outcome: "unknown",
        detail: `${showAddress(probe)} answered ${status} with a web page, which is not the target's word`,
      };
    }
    const told = status === 404 ? jsonIn({ url: probe }, body) : bodyJson({ url: probe }, body);
    const unknown = (said: string): StepEnd => ({
      outcome: "unknown",
      detail: `${showAddress(probe)} answered ${status} ${said}`,
    });
    const { isNamed, against } = toldOfKey(told, key, status === 404 ? "never" : "done");
    if (!isNamed) return unknown("without a word of this step's key");
    if (against !== undefined) return unknown(`and says ${against} of this step's key`);
    return status === 404
      ? { outcome: "refused", detail: "the target says it never arrived" }
      : { outcome: "done", detail: "the target confirms it by its key" };
  } catch (error) {
    return { outcome: "unknown", detail: stepFailureWords(error) };
  }
}

/** Undefined for what is no JSON. */
function jsonIn(call: { readonly url: Endpoint }, body: Answered): unknown {
  try {
    return bodyJson(call, body);
  } catch {
    return undefined;
  }
}
