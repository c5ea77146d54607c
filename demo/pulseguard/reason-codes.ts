/** Why PulseGuard flags a transaction, as its answers and its log name it. */
export const reasonCodes = ["PG.FLASH", "PG.SANDWICH", "PG.MEV", "PG.ROUNDTRIP", "PG.GAS_SPIKE"] as const;
export type ReasonCode = (typeof reasonCodes)[number];
