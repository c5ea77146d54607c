import type { Backend } from "../domain/systems/backend.ts";
import type { Certificates } from "../domain/systems/certificates.ts";

/** Looks at the certificates that calls of a system rest on, each backend at those of its own. */
export function createCertificates(backends: readonly Backend[]): Certificates {
  return {
    async of(system, deadlineMs) {
      const seen = await Promise.all(
        backends.map(async (each) => (await each.certificates?.(system, deadlineMs)) ?? []),
      );
      return [...new Map(seen.flat().map((each) => [each.of, each])).values()];
    },
  };
}
