/** A refusal as Discord words it. */
export class DiscordRefusal extends Error {
  readonly status: number;
  readonly code: number;
  /** What is wrong with a body, field by field, as Discord nests it. */
  readonly errors: Readonly<Record<string, unknown>> | undefined;
  constructor(
    refused: { readonly status: number; readonly code: number; readonly message: string },
    errors?: Readonly<Record<string, unknown>>,
  ) {
    super(refused.message);
    this.status = refused.status;
    this.code = refused.code;
    this.errors = errors;
  }
}

export function refuse(status: number, code: number, message: string): never {
  throw new DiscordRefusal({ status, code, message });
}

/** Refuses a body over what `limits.ts` found, as `path: CODE`; passes when it found nothing. */
export function refuseBadForm(problems: readonly string[], under = ""): void {
  if (problems.length === 0) return;
  if (problems.some((each) => each.endsWith("Cannot send an empty message")))
    refuse(400, 50_006, "Cannot send an empty message");
  throw new DiscordRefusal({ status: 400, code: 50_035, message: "Invalid Form Body" }, nested(problems, under));
}

interface Nested {
  [key: string]: Nested | readonly { readonly code: string; readonly message: string }[];
}

function nested(problems: readonly string[], under: string): Nested {
  const root: Nested = {};
  for (const problem of problems) {
    const cut = problem.indexOf(": ");
    const [path, code] = [problem.slice(0, cut), problem.slice(cut + 2)];
    const keys = `${under}.${path}`.split(/[.[\]]+/).filter((key) => key !== "");
    let at = root;
    for (const key of keys) {
      const next = at[key];
      const inner: Nested = next && !isList(next) ? next : {};
      at[key] = inner;
      at = inner;
    }
    const known = at["_errors"];
    at["_errors"] = [...(isList(known) ? known : []), { code, message: wordsOf(code) }];
  }
  return root;
}

function isList(
  value: Nested[string] | undefined,
): value is readonly { readonly code: string; readonly message: string }[] {
  return Array.isArray(value);
}

function wordsOf(code: string): string {
  switch (code) {
    case "BASE_TYPE_MAX_LENGTH":
      return "Must be shorter.";
    case "BASE_TYPE_REQUIRED":
      return "This field is required";
    case "BASE_TYPE_BAD_LENGTH":
      return "Must have another number of items.";
    default:
      return code;
  }
}
