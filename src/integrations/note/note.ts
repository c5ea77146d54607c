import type { Backend } from "../../domain/systems/backend.ts";
import { closeStepKind } from "../../domain/systems/steps.ts";
import { noteStep } from "./note-step.ts";

/** What only speaks to the reader of a plan. */
export const note: Backend = { name: "note", steps: [closeStepKind("note", noteStep)] };
