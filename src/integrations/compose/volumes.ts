import { askEngine } from "./engine.ts";
import { type Stack, stackOf } from "./stack.ts";

/** The volumes that Compose made for this project, by their exact names; another's are none of them. Throws BackendError. */
export async function readVolumes(stack: Stack, timeoutMs: number): Promise<readonly string[]> {
  const { project } = stackOf(stack);
  const args = ["volume", "ls", "--filter", `label=com.docker.compose.project=${project}`, "--format", "{{.Name}}"];
  const text = await askEngine(stack, { args, timeoutMs, ofEngine: true });
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
