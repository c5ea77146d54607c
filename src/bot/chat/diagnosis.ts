/** What a look at a platform found: well, or what is wrong and the exact next step. */
export interface Diagnosis {
  readonly what: string;
  /** Undefined when it is well. */
  readonly remedy?: string;
  /** Nothing is broken by it, and whoever runs this has to know it. */
  readonly caution?: boolean;
}

/** A platform that could not be asked for its opinion of a token; `variable` may hold another address of it. */
export function notAsked(platform: string, variable: string, why: string): Diagnosis {
  return {
    what: `${platform} could not be asked (${why}), so nothing is known of the token`,
    remedy: `Check this machine's network and proxy, and ${variable} where it is set.`,
  };
}
