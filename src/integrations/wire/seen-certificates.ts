import { isIP } from "node:net";
import { connect } from "node:tls";
import { errorCode } from "../../domain/failure.ts";
import { inTurns } from "../../domain/in-turns.ts";
import type { SeenCertificate } from "../../domain/systems/certificates.ts";
import type { System } from "../../domain/systems/system.ts";
import { readCertificates } from "./certificates.ts";
import { unconnectedWords } from "./connection-words.ts";
import { MissingSecret } from "./secrets.ts";

/** Handshakes under way at once. */
const mostAtOnce = 8;

/** A service with TLS, and what shows itself to whom. */
export interface SecureService {
  readonly host: string;
  readonly port: number;
  /** The name that is asked for, where it is not the host. */
  readonly servername?: string;
  /** It is reached through one, which would have to be asked to connect. */
  readonly isBehindProxy?: boolean;
}

/** Until when the certificates of a system's HTTPS addresses are good, and those of ours that are presented there. */
export async function certificatesOf(system: System, deadlineMs: number): Promise<SeenCertificate[]> {
  // What its links lead to is another's, and no call of this system goes there.
  const { links: _, ...called } = system;
  const { services, files } = namedIn(called);
  return [
    ...(await inTurns([...services.values()], mostAtOnce, (service) => ofService(service, deadlineMs))),
    ...(await inTurns([...files], mostAtOnce, ofFile)),
  ];
}

interface Named {
  readonly services: Map<string, SecureService>;
  readonly files: Set<string>;
}

function namedIn(value: unknown, named: Named = { services: new Map(), files: new Set() }): Named {
  if (typeof value === "string") addService(named, value, false);
  if (typeof value !== "object" || value === null) return named;
  const isBehindProxy = "proxy" in value && value.proxy !== undefined;
  for (const [key, each] of Object.entries(value)) {
    if (key === "mtls") addFile(named, each);
    else if (key === "base" && typeof each === "string") addService(named, each, isBehindProxy);
    else if (key !== "proxy") namedIn(each, named);
  }
  return named;
}

function addService({ services }: Named, written: string, isBehindProxy: boolean): void {
  // What an argument or a credential stands in for is known only to a call.
  const [, authority = ""] = /^https:\/\/([^/?#]+)/.exec(written) ?? [];
  if (!/^[\w.:[\]-]+$/.test(authority) || !URL.canParse(`https://${authority}`)) return;
  const { hostname, port, host } = new URL(`https://${authority}`);
  const before = services.get(host);
  const bare = hostname.replace(/^\[|\]$/g, "");
  services.set(host, {
    host: bare,
    port: port === "" ? 443 : Number(port),
    isBehindProxy: isBehindProxy && before?.isBehindProxy !== false,
  });
}

function addFile({ files }: Named, pair: unknown): void {
  if (typeof pair === "object" && pair !== null && "cert" in pair && typeof pair.cert === "string")
    files.add(pair.cert);
}

async function ofFile(path: string): Promise<SeenCertificate> {
  try {
    const { certificates } = await readCertificates(path);
    return { of: path, endsAt: Math.min(...certificates.map(({ validToDate }) => validToDate.getTime())) };
  } catch (error) {
    if (!(error instanceof MissingSecret)) throw error;
    return { of: path, unread: error.message };
  }
}

/**
 * Until when the certificate that a service shows is good. Whoever it is from: whether it is trusted is found by the calls that rest
 * on it. The connection ends with the handshake, before anything is said.
 */
export async function ofService(service: SecureService, deadlineMs: number): Promise<SeenCertificate> {
  const { host, port, servername, isBehindProxy } = service;
  const of = port === 443 ? host : `${host.includes(":") ? `[${host}]` : host}:${port}`;
  if (isBehindProxy)
    return { of, unread: "it is reached through a proxy, behind which certificates are not looked at" };
  const name = servername ?? (isIP(host) === 0 ? host : undefined);
  return new Promise((resolve) => {
    const socket = connect({ host, port, ...(name !== undefined && { servername: name }) });
    let endsAt: number | undefined;
    const end = (unread: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ of, ...(endsAt === undefined ? { unread } : { endsAt }) });
    };
    const timer = setTimeout(() => end(`no answer within ${deadlineMs / 1_000} s`), deadlineMs);
    // Ahead of Node's own look at it, which ends the connection where it is not trusted.
    socket.prependListener("secure", () => {
      endsAt = socket.getPeerX509Certificate()?.validToDate.getTime();
    });
    socket.once("secureConnect", () => end("it showed no certificate"));
    socket.once("error", (error) =>
      end(unconnectedWords(`https://${host}`, errorCode(error) ?? "") ?? "the connection was broken off"),
    );
  });
}
