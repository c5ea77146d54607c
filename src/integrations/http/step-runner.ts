import { BackendError, isDefiniteRefusal } from "../../domain/failure.ts";
import type { HttpStep } from "../../domain/systems/operation.ts";
import type { StepOutcome, StepRunner } from "../../domain/systems/steps.ts";
import type { Answered } from "../../http/exchange.ts";
import { addressOf, showAddress, showWait } from "../wire/address.ts";
import { bodyJson, type Http, type HttpAnswer, isWebPage } from "../wire/http.ts";
import { reasonOf } from "../wire/http-fault.ts";
import { lookOnce, waitUntil } from "./wait-step.ts";

/** Short, because the executor asks it while its lease on the run is running. */
const probeDeadlineMs = 3_000;

/** Carries out the steps of a run. A change is sent once, under its idempotency key; what is not known is said so. */
export function createStepRunner(http: Http): StepRunner {
  return {
    async run(step, key) {
      if ("http" in step) return send(http, step, key);
      if ("waitUntil" in step) return waitUntil(http, step);
      return { outcome: "done", detail: step.note };
    },
    async probe(step, key) {
      if ("http" in step) return lookUp(http, step, key);
      if ("waitUntil" in step) return lookOnce(http, step);
      return { outcome: "done", detail: step.note };
    },
  };
}

/** Sends the change, once. Whether a lost answer was a lost change is `lookUp`'s question, for whoever holds the run. */
async function send(http: Http, step: HttpStep, key: string): Promise<StepOutcome> {
  const { method, url, json, idempotencyHeader, timeoutMs } = step.http;
  try {
    const answer = await http.send({
      backend: addressOf(url).host,
      url,
      method,
      headers: { [idempotencyHeader]: key },
      ...(json && { json }),
      deadlineMs: timeoutMs,
    });
    return judgeAnswer(answer);
  } catch (error) {
    return { outcome: isDefiniteRefusal(error) ? "refused" : "unknown", detail: wordsOf(error) };
  }
}

/** A 2xx is done, whatever it holds, but for a web page: that came from something in the target's place. */
function judgeAnswer({ status, type, body, latencyMs }: HttpAnswer<Answered>): StepOutcome {
  if (isWebPage(type, body.body.toString("utf8", 0, 512))) {
    return {
      outcome: "unknown",
      detail: `answered ${status} with a web page, perhaps a login page; it may not have reached the target`,
    };
  }
  const said = reasonOf(body);
  return {
    outcome: "done",
    detail: `answered ${status} in ${showWait(latencyMs)}${said === undefined ? "" : `: ${said}`}`,
  };
}

/** Asks the target whether the key took effect: 200 that it did, 404 that it never came. Anything else tells nothing. */
async function lookUp(http: Http, step: HttpStep, key: string): Promise<StepOutcome> {
  const { probe, idempotencyHeader } = step.http;
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
    if (status === 404) return { outcome: "refused", detail: "the target says it never arrived" };
    bodyJson({ url: probe }, body);
    return { outcome: "done", detail: "the target confirms it by its key" };
  } catch (error) {
    return { outcome: "unknown", detail: wordsOf(error) };
  }
}

/** Only a BackendError promises to hold no secret. */
function wordsOf(error: unknown): string {
  return error instanceof BackendError ? error.message : "the step failed inside the bot";
}
