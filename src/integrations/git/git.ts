import { type Backend, serve } from "../../domain/systems/backend.ts";
import { GitFact, GitList, repositoryFact, repositoryTags } from "./git-ports.ts";
import { gitRead } from "./git-read.ts";
import { GitConnection } from "./repository.ts";

/** Repositories on this machine. Nothing in them is ever changed. */
export const gitBackend: Backend = {
  name: "git",
  connection: GitConnection,
  fact: serve(GitFact, (spec, look) => repositoryFact(spec, look)),
  list: serve(GitList, (spec, look) => repositoryTags(spec, look)),
  reads: [gitRead],
};
