export { importPolicyFile, importPolicyText, mostFileBytes } from './import-file.ts';
export { toPolicy, type PolicyChoices, type PolicyMade } from './to-policy.ts';
