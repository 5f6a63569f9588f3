import type { AuditAction } from '../../../../src/contract/audit.ts';

/** “signIn.failed” as “Sign in: failed”: the words of an action's name, for lists of every action there is. */
export function actionWords(action: AuditAction): string {
  const [area = '', deed = ''] = action
    .split('.')
    .map((part) => part.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase());
  return `${area.charAt(0).toUpperCase()}${area.slice(1)}: ${deed}`;
}
