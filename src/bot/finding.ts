/** What a look at a platform found: well, or what is wrong and the exact next step. */
export interface Finding {
  readonly what: string;
  /** Undefined when it is well. */
  readonly remedy?: string;
}
