import { userInfo } from "node:os";

/** Who runs this, as the machine knows them; the number where it has no name. */
export function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}
