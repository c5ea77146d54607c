/** How far a clock is behind when it is told, in ms: smaller steps are what a time service does every day. */
export const worthTellingMs = 1_000;
