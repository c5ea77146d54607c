import { type Backend, serve } from "../../domain/systems/backend.ts";
import { createFileSearch, type FileSearchOptions } from "../../log-search/file-search.ts";
import { LogFiles } from "./logs.ts";

/** What stands in files on this machine. Its threads start at the first search and end when nobody has asked for a while. */
export function filesBackend(options: FileSearchOptions = {}): Backend {
  const files = createFileSearch(options);
  return {
    name: "files",
    log: serve(LogFiles, (spec, { log, query }) => files.search({ ...log, ...spec }, query)),
    close: () => files.close(),
  };
}
