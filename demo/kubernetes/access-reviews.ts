import { z } from "zod";
import type { Answer, Call } from "../service.ts";
import type { Access, User } from "./access.ts";
import { badRequest } from "./status.ts";

const authorization = "/apis/authorization.k8s.io/v1";
const authentication = "/apis/authentication.k8s.io/v1";

const text = z.string().default("");
const Review = z.looseObject({
  spec: z.looseObject({
    resourceAttributes: z
      .looseObject({ namespace: text, verb: text, group: text, resource: text, subresource: text, name: text })
      .optional(),
  }),
});

/** Answers who somebody is and what he may do; undefined for what asks neither. */
export function answerReview(access: Access, user: User, call: Call): Answer | undefined {
  if (call.method !== "POST") return undefined;
  switch (call.path) {
    case `${authorization}/selfsubjectaccessreviews`:
      return { status: 201, body: reviewed(access, user, call.body) };
    case `${authorization}/selfsubjectrulesreviews`:
      return { status: 201, body: { ...head("SelfSubjectRulesReview"), spec: {}, status: rulesOf(user) } };
    case `${authentication}/selfsubjectreviews`: {
      const userInfo = { username: user.name, groups: ["system:authenticated"] };
      const review = { kind: "SelfSubjectReview", apiVersion: "authentication.k8s.io/v1", metadata: {} };
      return { status: 201, body: { ...review, status: { userInfo } } };
    }
    default:
      return undefined;
  }
}

function reviewed(access: Access, user: User, body: unknown): object {
  const read = Review.safeParse(body);
  if (!read.success) throw badRequest(`the review cannot be read: ${z.prettifyError(read.error)}`);
  const asked = read.data.spec.resourceAttributes;
  const isAllowed =
    asked !== undefined &&
    access.allows(user, {
      verb: asked.verb,
      group: asked.group,
      resource: asked.subresource === "" ? asked.resource : `${asked.resource}/${asked.subresource}`,
      name: asked.name === "" ? undefined : asked.name,
      namespace: asked.namespace === "" ? undefined : asked.namespace,
    });
  const status = isAllowed ? { allowed: true, reason: "RBAC: allowed by a Role" } : { allowed: false };
  return { ...head("SelfSubjectAccessReview"), spec: read.data.spec, status };
}

function rulesOf(user: User): object {
  return { resourceRules: user.rules, nonResourceRules: [], incomplete: false };
}

function head(kind: string): object {
  return { kind, apiVersion: "authorization.k8s.io/v1", metadata: { creationTimestamp: null } };
}
