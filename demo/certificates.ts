import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** A certificate and its key, both PEM. */
export interface Certified {
  readonly cert: string;
  readonly key: string;
}

interface Wanted {
  readonly name: string;
  /** Who signs it; itself when left out. */
  readonly by?: Certified & { readonly name: string };
  /** IP addresses of this machine it is for; a certificate of an authority is for none. */
  readonly address?: string;
  /** Days from now that it is valid from and until. */
  readonly days?: readonly [number, number];
}

/** A certificate as RFC 5280 writes it, with as little as TLS asks for. Node makes none, and not every machine has a program for it. */
export function certificate({ name, by, address, days = [-1, 30] }: Wanted): Certified & { readonly name: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const signer: KeyObject = by ? createPrivateKey(by.key) : privateKey;
  const algorithm = sequence(objectId(ecdsaWithSha256));
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    distinguished(by?.name ?? name),
    sequence(...days.map((day) => moment(day))),
    distinguished(name),
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(...extensions(address))),
  );
  const signature = sign("sha256", body, signer);
  const whole = sequence(body, algorithm, tagged(0x03, Buffer.from([0]), signature));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    name,
    cert: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

const ecdsaWithSha256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const commonName = [0x55, 0x04, 0x03];
const basicConstraints = [0x55, 0x1d, 0x13];
const alternativeName = [0x55, 0x1d, 0x11];

function extensions(address: string | undefined): Buffer[] {
  const isAuthority = address === undefined;
  const constraints = sequence(...(isAuthority ? [tagged(0x01, Buffer.from([0xff]))] : []));
  const critical = tagged(0x01, Buffer.from([0xff]));
  const found = [sequence(objectId(basicConstraints), critical, tagged(0x04, constraints))];
  if (address !== undefined) {
    const names = sequence(tagged(0x87, Buffer.from(address.split(".").map(Number))));
    found.push(sequence(objectId(alternativeName), tagged(0x04, names)));
  }
  return found;
}

function distinguished(name: string): Buffer {
  return sequence(tagged(0x31, sequence(objectId(commonName), tagged(0x0c, Buffer.from(name)))));
}

function moment(day: number): Buffer {
  const at = new Date(Date.now() + day * 86_400_000).toISOString().replaceAll(/[-:T]|\.\d+/g, "");
  return tagged(0x18, Buffer.from(at));
}

function objectId(bytes: readonly number[]): Buffer {
  return tagged(0x06, Buffer.from(bytes));
}

function integer(bytes: Buffer): Buffer {
  return tagged(0x02, bytes);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const head = size < 0x80 ? [tag, size] : size < 0x100 ? [tag, 0x81, size] : [tag, 0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}
