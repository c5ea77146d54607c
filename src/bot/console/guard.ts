import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

export const sessionCookie = "wardroom_console";

/** What is asked of the console, reduced to what decides whether to answer at all. */
export interface Knock {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The port the connection came in on. */
  readonly port: number;
  readonly upgrade: boolean;
}

export type Admission =
  | { readonly ok: true }
  | { readonly ok: false; readonly status: 403 | 421; readonly why: string };

/**
 * Refuses what no page of ours would send. A name other than loopback's is DNS rebinding; another origin is another
 * page in the same browser, also one on another port of this machine, to which cookies and SameSite are blind.
 */
export function admit(knock: Knock): Admission {
  const host = knock.headers.host?.toLowerCase();
  if (!host || !loopbackHosts(knock.port).includes(host)) {
    return { ok: false, status: 421, why: "This console answers on its loopback address only." };
  }
  const origin = knock.headers.origin;
  const ours = origin === `http://${host}`;
  const reads = knock.method === "GET" || knock.method === "HEAD";
  if (origin === undefined ? knock.upgrade || !reads : !ours) {
    return { ok: false, status: 403, why: "Another page may not use this console." };
  }
  if (!siteAllowed(knock)) return { ok: false, status: 403, why: "Another page may not use this console." };
  return { ok: true };
}

function loopbackHosts(port: number): string[] {
  const names = ["127.0.0.1", "localhost", "[::1]"];
  return port === 80 ? [...names, ...names.map((name) => `${name}:80`)] : names.map((name) => `${name}:${port}`);
}

/** A browser says where a request comes from. Only opening the page itself, from a link, may come from elsewhere. */
function siteAllowed({ headers, path }: Knock): boolean {
  const site = headers["sec-fetch-site"];
  if (site === undefined || site === "same-origin" || site === "none") return true;
  return path === "/" && headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
}

/** Whether the request carries this start's token in its cookie. */
export function carriesToken(cookies: string | undefined, token: string): boolean {
  const prefix = `${sessionCookie}=`;
  const values = (cookies ?? "")
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part.startsWith(prefix))
    .map((part) => part.slice(prefix.length));
  return values.some((value) => sameToken(value, token));
}

/** Compares digests, so that neither length nor content shows in the time it takes. */
export function sameToken(given: string, token: string): boolean {
  return timingSafeEqual(createHash("sha256").update(given).digest(), createHash("sha256").update(token).digest());
}

/** Headers of every answer. `host` has passed `admit`. */
export function securityHeaders(host: string): Record<string, string> {
  return {
    "content-security-policy": [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      // Older browsers do not count a WebSocket as 'self'.
      `connect-src 'self' ws://${host}`,
      "manifest-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types lit-html",
    ].join("; "),
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
  };
}
