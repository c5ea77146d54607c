import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { rememberSecret } from "../../domain/text/known-secrets.ts";
import { MissingSecret, readSecretFile } from "./secrets.ts";

/** A certificate of ours and its key, both PEM, and who it is. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
  readonly leaf: X509Certificate;
}

/** The certificates of a PEM file, at least one. Throws MissingSecret. */
export async function readCertificates(path: string): Promise<{ text: string; certificates: X509Certificate[] }> {
  const text = await readSecretFile(path);
  const written = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    const certificates = written.map((each) => new X509Certificate(each));
    if (certificates.length > 0) return { text, certificates };
  } catch {
    // A block that reads like one and is none: told like a file without any.
  }
  throw new MissingSecret(
    `the file ${path} holds no certificate in PEM: give one that begins with -----BEGIN CERTIFICATE-----, converted with openssl x509 where it is DER`,
  );
}

/** Throws MissingSecret for what is missing, is no PEM, or does not belong together. */
export async function readClientCertificate(at: {
  readonly cert: string;
  readonly key: string;
}): Promise<ClientCertificate> {
  const { text: cert, certificates } = await readCertificates(at.cert);
  const key = await readSecretFile(at.key);
  rememberSecret(key);
  const [leaf] = certificates;
  if (!leaf?.checkPrivateKey(privateKey(at.key, key)))
    throw new MissingSecret(
      `the key ${at.key} does not belong to the certificate ${at.cert}: give the two that were made together`,
    );
  return { cert, key, leaf };
}

function privateKey(path: string, text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (error) {
    const isLocked = error instanceof Error && "code" in error && error.code === "ERR_MISSING_PASSPHRASE";
    throw new MissingSecret(
      isLocked || /ENCRYPTED/.test(text)
        ? `the key ${path} is locked with a passphrase: give one without`
        : `the file ${path} holds no private key in PEM: give one that begins with -----BEGIN PRIVATE KEY-----`,
    );
  }
}
