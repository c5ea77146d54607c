/** What a look at a platform found: well, or what is wrong and the exact next step. */
export interface Finding {
  readonly what: string;
  /** Undefined when it is well. */
  readonly remedy?: string;
}

/** A fault that says nothing of what was asked about. */
type Silence =
  | { readonly kind: "too-fast" }
  | { readonly kind: "unwell"; readonly status: number }
  | { readonly kind: "cut-off" };

/** Why a platform could not be asked, in a word or two. */
export function silenceWords(fault: Silence): string {
  switch (fault.kind) {
    case "too-fast":
      return "asked too often";
    case "unwell":
      return `answered ${fault.status}`;
    case "cut-off":
      return "could not be reached";
  }
}

/** A platform that could not be asked for its opinion of a token; `variable` may hold another address of it. */
export function notAsked(platform: string, variable: string, why: string): Finding {
  return {
    what: `${platform} could not be asked (${why}), so nothing is known of the token`,
    remedy: `Check this machine's network and proxy, and ${variable} where it is set.`,
  };
}
