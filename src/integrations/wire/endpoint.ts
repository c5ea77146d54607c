import { z } from "zod";
import { argumentsIn, fillAddress, type PlanValues } from "../../domain/systems/placeholders.ts";
import { Url } from "../../domain/systems/values.ts";

/** Where a credential is, never the credential: a variable, or a file as Kubernetes and Docker mount secrets. */
export const SecretReference = z
  .string()
  .regex(/^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:\/.+)$/, "say where the credential is: env:NAME or file:/path");

export const FilePath = z.string().regex(/^\//, "the path of a file starts with /");
/** A field name of RFC 9110. */
const HeaderName = z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, "a header's name is one word");

/** How a call proves who asks. Several may be given together, as a client certificate and a token. */
const Auth = z
  .strictObject({
    bearer: SecretReference.optional(),
    basic: z.strictObject({ user: z.string().min(1), password: SecretReference }).optional(),
    header: z.strictObject({ name: HeaderName, value: SecretReference }).optional(),
    query: z.strictObject({ name: z.string().min(1), value: SecretReference }).optional(),
    /** PEM files of a client certificate and its key. */
    mtls: z.strictObject({ cert: FilePath, key: FilePath }).optional(),
  })
  .refine((auth) => Object.keys(auth).length > 0, "say how: bearer, basic, header, query or mtls")
  .refine(
    ({ bearer, basic, header }) =>
      [bearer, basic, header?.name.toLowerCase() === "authorization" && header].filter(Boolean).length < 2,
    "bearer and basic are the same header, so that only one of them could be sent: keep one",
  );

/** How a service is reached over HTTP: said once below `backends`, or at the address itself. */
export const HttpConnection = z.strictObject({
  base: Url,
  auth: Auth.optional(),
  /** A PEM file of whom its certificate is trusted from, instead of the public authorities. */
  ca: FilePath.optional(),
  /** A proxy that calls go through, for example `http://proxy:3128`. */
  proxy: Url.optional(),
  /** The longest a call may take, in ms, where the entry itself leaves more. */
  timeoutMs: z.int().min(100).max(60_000).optional(),
});
type HttpConnection = z.output<typeof HttpConnection>;

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
