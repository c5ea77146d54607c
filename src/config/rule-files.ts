import { dirname, resolve } from "node:path";
import { RuleFile, RuleFileSpec } from "../domain/alerts/rule-file.ts";
import type { Backend } from "../domain/systems/backend.ts";
import type { System } from "../domain/systems/system.ts";
import { checkRules } from "./checks/rule-files.ts";
import { explainIssues } from "./explain-issue.ts";
import type { ConfigProblem, Path } from "./problem.ts";
import { readFileText } from "./read-file.ts";
import type { ReadFile } from "./read-yaml.ts";
import { parseSource, problemAt, type SourceText } from "./source.ts";

/**
 * A system with the rule files that its file names read into it. What is wrong with one is told where it stands in the rule file; so is each
 * rule that nothing could judge, by its name.
 */
export async function withRuleFiles(read: ReadFile<System>, backends: readonly Backend[]): Promise<ReadFile<System>> {
  const { loaded } = read;
  if (!loaded) return read;
  const problems: ConfigProblem[] = [];
  const alerts: System["alerts"] = [];
  for (const [index, entry] of loaded.value.alerts.entries()) {
    const judges = backends.find(({ name }) => name === entry.source.backend)?.alerts?.judge !== undefined;
    const spec = judges ? RuleFileSpec.safeParse(entry.source.spec).data : undefined;
    if (!spec) {
      alerts.push(entry);
      continue;
    }
    const place: Path = ["alerts", index, "rules"];
    const found = await readRuleFile(loaded.source, { file: spec.rules.file, place });
    problems.push(...found.problems);
    if (found.rules && found.source) {
      const { value, source } = loaded;
      problems.push(
        ...checkRules({ read: found.rules, in: found.source, spec, system: { value, source, place } }, backends),
      );
    }
    const rules = found.rules ?? { groups: [] };
    alerts.push({ ...entry, source: { ...entry.source, spec: asJson({ rules: { ...spec.rules, read: rules } }) } });
  }
  if (problems.some(({ severity }) => severity === "error"))
    return {
      ...read,
      loaded: undefined,
      // The rest of the system's file is as it was.
      remainder: { ...loaded, taken: [], mayMislead: () => false },
      problems: [...read.problems, ...problems],
    };
  return {
    ...read,
    loaded: { ...loaded, value: { ...loaded.value, alerts } },
    problems: [...read.problems, ...problems],
  };
}

/** Without what is not there, as a spec is. */
function asJson(spec: object): System["alerts"][number]["source"]["spec"] {
  return JSON.parse(JSON.stringify(spec));
}

interface RuleFileText {
  readonly problems: readonly ConfigProblem[];
  readonly rules?: RuleFile;
  readonly source?: SourceText;
}

async function readRuleFile(
  system: SourceText,
  { file, place }: { readonly file: string; readonly place: Path },
): Promise<RuleFileText> {
  const path = resolve(dirname(system.file), file);
  const read = await readFileText(path);
  if ("problem" in read) {
    const message = `the rule file ${path} cannot be read: ${read.problem.message}`;
    const remedy = "Name it from the folder of this file, and let the bot's user read it.";
    return { problems: [problemAt(system, [...place, "file"], { message, remedy })] };
  }
  const { source, problems } = parseSource(path, read.text);
  if (problems.length > 0) return { problems: problems.map(asRuleFile) };
  const value: unknown = source.document.toJS();
  const parsed = RuleFile.safeParse(value);
  if (parsed.success) return { problems: [], rules: parsed.data, source };
  return { problems: explainIssues(parsed.error.issues, { source, schema: RuleFile, value, unknown: [] }) };
}

/** What stands at the top of a rule file is another than what stands at the top of the bot's own. */
function asRuleFile(problem: ConfigProblem): ConfigProblem {
  const isTop = problem.message.startsWith("the file is");
  return isTop ? { ...problem, remedy: "A rule file begins with `groups:` and has a list below it." } : problem;
}
