/** One input of a command, as every surface needs to show it. Derived from the command's schema by `fieldsOf`. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly kind: "text" | "paragraph" | "integer" | "number" | "boolean" | "choice";
  readonly required: boolean;
  /** Whichever system is named will want it, though it is not judged before one is. */
  readonly needed?: boolean;
  readonly default?: string | number | boolean;
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly suggest?: string;
  /** Names that are read as its own. */
  readonly aliases?: readonly string[];
  /** What people type for its name, who know it from another command. */
  readonly alsoCalled?: readonly string[];
  /** It is for the machine alone: no person is shown what it holds. */
  readonly unseen?: boolean;
  readonly time?: "since" | "until" | "for" | "named";
  readonly positional?: boolean;
  readonly rest?: boolean;
  readonly prose?: boolean;
  /** Of a whole number: one that a double would alter is given as its digits. */
  readonly everyDigit?: boolean;
  /** Given more than once, it is one text with a line for each time. */
  readonly repeated?: boolean;
}
