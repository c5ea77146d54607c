/**
 * Which message goes first where a platform takes only so many: a lane waits for every lane before it. What is most urgent
 * has one of its own, so that no answer and no storm of notices stands before it.
 */
export const lanes = ["urgent", "reply", "notice", "quiet"] as const;
export type Lane = (typeof lanes)[number];
