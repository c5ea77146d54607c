import { stat } from "node:fs/promises";
import type { FileFault } from "../../domain/systems/backend.ts";
import { readCertificates, readClientCertificate } from "./certificates.ts";
import { MissingSecret, readSecretFile } from "./secrets.ts";

type Place = readonly (string | number)[];

/**
 * What is wrong with the files that a system names for its calls: they are there, may be read, are PEM, have not expired, and a
 * key belongs to its certificate and is not open to every user of the machine. Reads them and sends nothing.
 */
export async function examineFiles(value: unknown, place: Place = []): Promise<FileFault[]> {
  if (typeof value === "string") return value.startsWith("file:/") ? faultsOf(place, () => plain(value.slice(5))) : [];
  if (Array.isArray(value))
    return (await Promise.all(value.map((each, at) => examineFiles(each, [...place, at])))).flat();
  if (typeof value !== "object" || value === null) return [];
  const found = Object.entries(value).map(async ([key, each]: [string, unknown]) => {
    const at = [...place, key];
    if (key === "ca" && typeof each === "string" && ("base" in value || "url" in value))
      return faultsOf(at, () => authorities(each));
    if (key === "mtls" && isPair(each)) return faultsOf(at, () => clientCertificate(each));
    return examineFiles(each, at);
  });
  return (await Promise.all(found)).flat();
}

type Fault = Omit<FileFault, "place">;

async function faultsOf(place: Place, look: () => Promise<readonly Fault[]>): Promise<FileFault[]> {
  try {
    return (await look()).map((fault) => ({ place, ...fault }));
  } catch (error) {
    if (!(error instanceof MissingSecret)) throw error;
    const [message = "", remedy = ""] = error.message.split(": ");
    return [{ place, message, remedy: `${remedy.slice(0, 1).toUpperCase()}${remedy.slice(1)}.` }];
  }
}

async function plain(path: string): Promise<Fault[]> {
  await readSecretFile(path);
  return [];
}

async function authorities(path: string): Promise<Fault[]> {
  const { certificates } = await readCertificates(path);
  const isAnyValid = certificates.some((each) => each.validToDate.getTime() > Date.now());
  return isAnyValid ? [] : [expired(path, certificates.at(-1)?.validToDate)];
}

async function clientCertificate(pair: { readonly cert: string; readonly key: string }): Promise<Fault[]> {
  const { leaf } = await readClientCertificate(pair);
  const faults = leaf.validToDate.getTime() > Date.now() ? [] : [expired(pair.cert, leaf.validToDate)];
  const { mode } = await stat(pair.key);
  if ((mode & 0o004) === 0) return faults;
  const remedy = `Take that right away: chmod o-r ${pair.key}`;
  return [...faults, { message: `every user of this machine may read the key ${pair.key}`, remedy }];
}

function expired(path: string, at: Date | undefined): Fault {
  const day = at?.toISOString().slice(0, 10) ?? "an unknown day";
  return { message: `the certificate in ${path} expired on ${day}`, remedy: "Renew it." };
}

function isPair(value: unknown): value is { readonly cert: string; readonly key: string } {
  if (typeof value !== "object" || value === null || !("cert" in value) || !("key" in value)) return false;
  return typeof value.cert === "string" && typeof value.key === "string";
}
