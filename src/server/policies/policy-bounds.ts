/** A policy may hold 2,000 clauses of 20,000 characters; far more than any school's. */
export const policyBounds = { compressedBytes: 8 * 1024 * 1024, bytes: 16 * 1024 * 1024 };
