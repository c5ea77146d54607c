import type { Endpoint } from "./endpoint.ts";
import { connectionOf } from "./endpoint.ts";

const unreached: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be looked up",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to the network",
};

/** Codes with which the target's certificate is not trusted. */
const untrusted =
  /^(?:UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_SIGNATURE_FAILURE|INVALID_CA)$/;

/** The alerts of RFC 8446 and 5246 with which a client's certificate is refused. */
const certificateAlert =
  /ALERT_(?:CERTIFICATE_REQUIRED|NO_CERTIFICATE|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(?:REVOKED|EXPIRED|UNKNOWN)|UNKNOWN_CA|ACCESS_DENIED|DECRYPT_ERROR)/;

/**
 * Did the target refuse the client certificate? Under TLS 1.3 it says so after the first bytes of the call have gone out; it has
 * then not read them, because it reads nothing before it has taken the certificate.
 */
export function refusesCertificate(code: string): boolean {
  return certificateAlert.test(code);
}

/** Why no connection came about, and what to do; undefined for a code that nobody has words for. */
export function unconnectedWords(to: Endpoint, code: string): string | undefined {
  const { proxy } = connectionOf(to);
  const plain = unreached[code];
  if (plain !== undefined) return `could not connect${proxy === undefined ? "" : " to its proxy"}: ${plain}`;
  const secure = certificateWords(to, code) ?? handshakeWords(to, code) ?? proxyWords(code);
  return secure === undefined ? undefined : `could not be sent: ${secure}`;
}

function certificateWords(to: Endpoint, code: string): string | undefined {
  const { ca } = connectionOf(to);
  if (untrusted.test(code)) {
    return ca === undefined
      ? "its certificate comes from no public authority; name the PEM file of its own authority as ca"
      : `its certificate comes from no authority in ${ca}; put its own authority there`;
  }
  if (code === "CERT_HAS_EXPIRED")
    return "its certificate, or that of its authority, has expired; have it renewed there";
  if (code === "CERT_NOT_YET_VALID")
    return "its certificate is not valid yet; check the clock of this machine, and the certificate's dates";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return "its certificate is for another name; write the address with a name that the certificate holds";
  return undefined;
}

function handshakeWords(to: Endpoint, code: string): string | undefined {
  const { auth } = connectionOf(to);
  if (/WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH_TOO_LONG|RECORD_LAYER_FAILURE/.test(code))
    return "what listens there does not speak TLS; check the port, or write http:// if it is meant to be plain";
  if (refusesCertificate(code) || /ALERT_HANDSHAKE_FAILURE/.test(code)) {
    return auth?.mtls
      ? `it refused the client certificate ${auth.mtls.cert}; check that it is valid and from an authority that is trusted there`
      : "it refused the connection before anything was sent, as services do that want a client certificate; name one as mtls below auth";
  }
  if (/ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE/.test(code))
    return "it speaks only an old version of TLS; have it speak 1.2 or later";
  return undefined;
}

/** `exchange` puts what the proxy answered behind the code. */
function proxyWords(code: string): string | undefined {
  const [, status] = /^ERR_PROXY_TUNNEL(?:_(\d{3}))?$/.exec(code) ?? [];
  if (status === "407")
    return "its proxy wants a user and a password, or refused those it got; write them as http://${USER}:${PASSWORD}@… in proxy";
  if (status === "502" || status === "503" || status === "504") return `its proxy could not reach it (${status})`;
  if (status !== undefined) return `its proxy refused the connection (${status}); let the proxy allow this address`;
  return code.startsWith("ERR_PROXY_TUNNEL")
    ? "its proxy ended the connection; check that proxy names one that takes CONNECT"
    : undefined;
}
