export * from './canonical.ts';
export * from './chain.ts';
export * from './export-file.ts';
export * from './keys.ts';
export * from './offline-code.ts';
export * from './signatures.ts';
export * from './verify-export.ts';
