import { BackendError } from "../../domain/failure.ts";

/** How a call to a platform went wrong, and so what can be done about it. `Refusal` is what the platform gives as its reason. */
export type PlatformFault<Refusal> = ({ readonly kind: "said-no" } & Refusal) | Outage;

/** A fault that says nothing of what was asked for. */
export type Outage =
  | { readonly kind: "too-fast"; readonly retryAfterMs: number }
  /** The platform is not well; the call had no effect, as far as it says. */
  | { readonly kind: "unwell"; readonly status: number }
  /** The connection failed: what was sent may have been carried out. */
  | { readonly kind: "cut-off"; readonly sent: boolean };

/** What an outage means to whoever wanted something sent. `asked` is what was called. */
export function outageError(platform: string, fault: Outage, asked: string): BackendError {
  switch (fault.kind) {
    case "too-fast":
      return new BackendError(platform, { fault: "overloaded", detail: `${asked} was asked too often` });
    case "unwell":
      return new BackendError(platform, {
        fault: "broken",
        detail: `${asked} answered ${fault.status}`,
        status: fault.status,
      });
    case "cut-off":
      return fault.sent
        ? new BackendError(platform, { fault: "lost", detail: `${asked} was sent and the answer never came` })
        : new BackendError(platform, { fault: "unreachable", detail: "the connection could not be made" });
  }
}

/** Why a platform could not be asked, in a word or two. */
export function outageWords(fault: Outage): string {
  switch (fault.kind) {
    case "too-fast":
      return "asked too often";
    case "unwell":
      return `answered ${fault.status}`;
    case "cut-off":
      return "could not be reached";
  }
}
