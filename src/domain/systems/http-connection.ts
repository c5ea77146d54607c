import { z } from "zod";
import { Url } from "./values.ts";

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
export type HttpConnection = z.output<typeof HttpConnection>;
