/** A log that is kept in files, and how its lines are read. */
export interface FileLog {
  readonly id: string;
  /** A path, or a glob in its last part, below `root`. */
  readonly file: string;
  readonly root: string;
  readonly format: "json" | "csv" | "plain";
  readonly time: string;
  readonly level?: string | undefined;
  readonly message?: string | undefined;
  readonly zone?: string | undefined;
  readonly show: readonly string[];
  readonly hide: readonly string[];
}
