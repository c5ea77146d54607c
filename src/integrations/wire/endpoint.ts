import { z } from "zod";
import { HttpConnection } from "../../domain/systems/http-connection.ts";
import { argumentsIn, fillAddress, type PlanValues } from "../../domain/systems/placeholders.ts";
import { Url } from "../../domain/systems/values.ts";

export const EndpointPath = z.string().regex(/^\//, "a path starts with /");

/** An address alone, one with its connection, or a path of a backend by its name, which the composition fills in. */
export const Endpoint = z.union([
  Url,
  HttpConnection.extend({ path: EndpointPath.optional() }),
  z.strictObject({ backend: z.string(), path: EndpointPath }),
]);
export type Endpoint = z.output<typeof Endpoint>;

/** The address as it is written, references unresolved. That of a backend nobody filled in is no URL, and is never asked. */
export function urlOf(endpoint: Endpoint): string {
  if (typeof endpoint === "string") return endpoint;
  if ("backend" in endpoint) return `${endpoint.backend}:${endpoint.path}`;
  return endpoint.path === undefined ? endpoint.base : `${endpoint.base.replace(/\/+$/, "")}${endpoint.path}`;
}

/** How it is reached, besides its address. */
export function connectionOf(endpoint: Endpoint): Omit<HttpConnection, "base"> {
  return typeof endpoint === "string" || "backend" in endpoint ? {} : endpoint;
}

/** Tells apart what is asked: the same address with another credential is another answer. */
export function endpointKey(endpoint: Endpoint): string {
  return typeof endpoint === "string" ? endpoint : JSON.stringify(endpoint);
}

/** The arguments of an operation that its address refers to. */
export function endpointArguments(endpoint: Endpoint): string[] {
  return argumentsIn(urlOf(endpoint));
}

/** With the arguments in place. */
export function fillEndpoint(endpoint: Endpoint, values: PlanValues): Endpoint {
  if (typeof endpoint === "string") return fillAddress(endpoint, values);
  if ("backend" in endpoint) return { ...endpoint, path: fillAddress(endpoint.path, values) };
  const { path } = endpoint;
  return {
    ...endpoint,
    base: fillAddress(endpoint.base, values),
    ...(path !== undefined && { path: fillAddress(path, values) }),
  };
}
