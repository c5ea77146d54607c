/**
 * For a server whose routes have no JSON schema: what comes in is held to zod, and what goes out is plain JSON. Fastify would load
 * the compilers of such schemas all the same, which is a third of what it takes to load. A route that has one is refused.
 */
export const withoutSchemas = {
  schemaController: { compilersFactory: { buildValidator: refuse, buildSerializer: refuse } },
};

function refuse(): never {
  throw new Error("a route here has no JSON schema: hold what it gets to zod");
}
