export { carryIds, type PreviousVersion } from './carry-ids.ts';
export { importPolicyFile, importPolicyText, mostFileBytes } from './import-file.ts';
export { keepAnswers, mappingPath, readAnswers } from './mapping-file.ts';
export { toPolicy, type PolicyChoices, type PolicyMade } from './to-policy.ts';
