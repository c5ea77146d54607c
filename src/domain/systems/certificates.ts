import type { System } from "./system.ts";

/** A certificate that what is asked of a system rests on. */
export interface SeenCertificate {
  /** Whose it is, as people look for it: `host:port` of a service, the path of a file, or what a kubeconfig presents. */
  readonly of: string;
  /** The last moment at which it is good, ms. Left out where it could not be read. */
  readonly endsAt?: number;
  /** Why it could not be read; never holds a secret. */
  readonly unread?: string;
}

/** Looks at the certificates of the addresses that a system's file names, and at those that are presented there. Sends nothing. */
export interface Certificates {
  /** In no order, each once. Never rejects: what could not be read says why. */
  of(system: System, deadlineMs: number): Promise<readonly SeenCertificate[]>;
}
