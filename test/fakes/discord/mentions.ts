import { rendered } from "./markdown.ts";
import { refuseBadForm } from "./refusal.ts";
import { fieldsOf, listOf, type World } from "./world.ts";

/** Whom a message would ping: ids of people and roles, `everyone` and `here`. */
export function pinged(
  message: { readonly content: string; readonly repliedTo?: string | undefined },
  allowed: unknown,
  { world, mayNameAll }: { readonly world: World; readonly mayNameAll: boolean },
): string[] {
  const { named } = rendered(message.content, "content");
  const rules = allowed === undefined || allowed === null ? undefined : fieldsOf(allowed);
  refuseContradiction(rules);
  const may = (kind: "users" | "roles", id: string): boolean =>
    rules === undefined || listOf(rules["parse"]).includes(kind) || listOf(rules[kind]).includes(id);
  const mayAll = mayNameAll && (rules === undefined || listOf(rules["parse"]).includes("everyone"));
  // A reply pings whom it answers, unless a message that says what it allows does not allow that too.
  const replied = rules === undefined || rules["replied_user"] === true ? message.repliedTo : undefined;
  return [
    ...new Set([
      ...(mayAll ? named.all : []),
      ...named.users.filter((id) => world.users.has(id) && may("users", id)),
      ...named.roles.filter(
        (id) => world.roles.has(id) && (mayNameAll || world.mentionableRoles.has(id)) && may("roles", id),
      ),
      ...(replied === undefined ? [] : [replied]),
    ]),
  ];
}

/** All of a kind and some of it exclude each other. */
function refuseContradiction(rules: Readonly<Record<string, unknown>> | undefined): void {
  const both = ["users", "roles"].filter(
    (kind) => listOf(rules?.["parse"]).includes(kind) && listOf(rules?.[kind]).length > 0,
  );
  refuseBadForm(both.map((kind) => `allowed_mentions.${kind}: MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE`));
}
