import { definitions, qualifiedName, type Resource } from "./kinds.ts";

interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** A refusal as the API server words it: sent as a `Status` object with its own code. */
export class Refusal extends Error {
  readonly code: number;
  readonly body: object;

  constructor(code: number, reason: string, told: { readonly message: string; readonly details?: object }) {
    super(told.message);
    this.code = code;
    const { message, details } = told;
    this.body = {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      reason,
      ...(details && { details }),
      code,
    };
  }
}

export function notFound(resource: Resource, name: string): Refusal {
  return new Refusal(404, "NotFound", {
    message: `${qualifiedName(resource)} "${name}" not found`,
    details: detailsOf(resource, name),
  });
}

/** No such address here: nothing says what was meant. */
export function noSuchAddress(): Refusal {
  return new Refusal(404, "NotFound", {
    message: "the server could not find the requested resource",
    details: {},
  });
}

export function unauthorized(): Refusal {
  return new Refusal(401, "Unauthorized", { message: "Unauthorized" });
}

/** `why` is what the server adds behind the name. */
export function conflict(resource: Resource, name: string, why = changedMeanwhile): Refusal {
  return new Refusal(409, "Conflict", {
    message: `Operation cannot be fulfilled on ${qualifiedName(resource)} "${name}": ${why}`,
    details: detailsOf(resource, name),
  });
}

const changedMeanwhile = "the object has been modified; please apply your changes to the latest version and try again";

export function alreadyExists(resource: Resource, name: string): Refusal {
  return new Refusal(409, "AlreadyExists", {
    message: `${qualifiedName(resource)} "${name}" already exists`,
    details: detailsOf(resource, name),
  });
}

export function invalid(resource: Resource, name: string, causes: readonly Cause[]): Refusal {
  const { group, kind } = definitions[resource];
  const told = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const list = told.length === 1 ? told.join("") : `[${told.join(", ")}]`;
  return new Refusal(422, "Invalid", {
    message: `${group === "" ? kind : `${kind}.${group}`} "${name}" is invalid: ${list}`,
    details: { name, ...(group !== "" && { group }), kind, causes },
  });
}

export function badRequest(message: string): Refusal {
  return new Refusal(400, "BadRequest", { message });
}

function detailsOf(resource: Resource, name: string): object {
  const { group } = definitions[resource];
  return { name, ...(group !== "" && { group }), kind: resource };
}
