import { z } from "zod";

const Lockfile = z.object({ packages: z.record(z.string(), z.looseObject({ integrity: z.string().optional() })) });

/**
 * Every package of a lockfile that npm would install unchecked, by its place: one whose bytes have no SHA-512 there. Those of
 * other platforms count too, because npm takes them over without a hash where it never downloaded them.
 */
export function uncheckedPackages(lockfile: string): string[] {
  return Object.entries(Lockfile.parse(JSON.parse(lockfile)).packages)
    .filter(([place, { integrity }]) => place !== "" && !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ""))
    .map(([place]) => place);
}
