import { z } from "zod";

const Text = z.string().min(1).nullish();
const Data = z.record(z.string(), z.unknown()).nullish();

/** What a user of a kubeconfig may hold, as kubectl knows it. `extensions` are other programs' own. */
const UserFields = z.strictObject({
  "client-certificate": Text,
  "client-certificate-data": Text,
  "client-key": Text,
  "client-key-data": Text,
  token: Text,
  tokenFile: Text,
  username: Text,
  password: z.string().nullish(),
  as: Text,
  "as-uid": Text,
  "as-groups": z.array(z.string()).nullish(),
  "as-user-extra": Data,
  "auth-provider": Data,
  exec: Data,
  extensions: z.unknown().optional(),
});
type UserFields = z.output<typeof UserFields>;

const UserEntry = z.looseObject({ name: z.string(), user: z.record(z.string(), z.unknown()).nullish() });

/** One user of a kubeconfig, as it is written. */
interface WrittenUser {
  /** The entry as it stands, for the client's library. */
  readonly entry: unknown;
  readonly fields: UserFields;
}

/**
 * The user of that name; `why` says what is wrong with it, without any of its values. What it holds and is not understood is
 * refused: what is left out of a credential makes somebody else of whoever asks, and with none it is anonymous.
 */
export function writtenUser(users: readonly unknown[], name: string): WrittenUser | { readonly why: string } {
  const entry = users.find((each) => UserEntry.safeParse(each).data?.name === name);
  if (entry === undefined) return { why: `has no usable user ${name}` };
  const read = UserFields.safeParse(UserEntry.parse(entry).user ?? {});
  const why = read.success ? obstacle(read.data) : unreadable(read.error);
  if (read.success && why === undefined) return { entry, fields: read.data };
  return { why: `has a user ${name} ${why}` };
}

function unreadable({ issues: [issue] }: z.ZodError): string {
  if (issue?.code === "unrecognized_keys")
    return `with ${issue.keys.join(", ")}, which kubectl does not know: mend its name, or take it out`;
  return `whose ${issue?.path.join(".") || "content"} cannot be read: mend it in the kubeconfig`;
}

function obstacle(fields: UserFields): string | undefined {
  const narrowed = (["as-uid", "as-groups", "as-user-extra"] as const).filter((key) => holds(fields[key]));
  if (narrowed.length > 0)
    return `with ${narrowed.join(", ")}, which is not sent: name a user that needs none, as a service account`;
  const credentials = ["client-certificate", "client-certificate-data", "token", "tokenFile", "auth-provider", "exec"];
  const given = Object.entries(fields).flatMap(([key, value]) => (holds(value) ? [key] : []));
  if (given.some((key) => credentials.includes(key))) return undefined;
  if (given.includes("username") && given.includes("password")) return undefined;
  return "without a credential, so it would ask as nobody: give it a token, a client certificate or exec";
}

function holds(value: unknown): boolean {
  return typeof value === "object" && value !== null ? Object.keys(value).length > 0 : (value ?? "") !== "";
}
