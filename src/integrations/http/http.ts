import type { Backend } from "../../domain/systems/backend.ts";
import { closeStepKind } from "../../domain/systems/steps.ts";
import type { Http } from "../wire/http.ts";
import { httpStep } from "./http-step.ts";
import { waitStep } from "./wait-step.ts";

const name = "http";

/** Whatever answers HTTP with JSON. */
export function httpBackend(http: Http): Backend {
  return { name, steps: [closeStepKind(name, httpStep(http)), closeStepKind(name, waitStep(http))] };
}
