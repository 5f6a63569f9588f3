import { permission, role, rolePermissions, type Permission } from '../../src/contract/roles.ts';
import type { RouteAccess } from '../../src/server/http/access.ts';

const roleNames: Record<(typeof role.options)[number], string> = {
  administrator: 'Administrator',
  policyOwner: 'Policy owner',
  reviewer: 'Reviewer',
  safeguardingLead: 'Safeguarding lead',
  auditor: 'Auditor',
};

const words: Record<Permission, string> = {
  'overview.read': 'See the overview and the schools',
  'people.read': 'See who there is and what they accepted',
  'people.manage': 'Say that somebody has left, and what came back',
  'person.open': 'Open one person’s record, with a reason',
  'person.approve': 'Agree that somebody else opens one',
  'events.read': 'See events',
  'machines.read': 'See machines',
  'machines.manage': 'Enrol, move, approve and revoke machines',
  'devices.read': 'See USB devices, requests and permissions',
  'devices.answer': 'Answer requests, allow devices, make codes',
  'policies.read': 'See policies',
  'policies.publish': 'Publish policies',
  'integrity.read': 'See checkpoints and proofs',
  'retention.read': 'See how long what is kept',
  'retention.manage': 'Change that, and purge',
  'rights.export': 'Export everything about one person, for that person',
  'alerts.read': 'See alerts',
  'alerts.manage': 'Change alerts',
  'users.read': 'See users and their roles',
  'users.manage': 'Invite users and give roles',
  'audit.read': 'See, verify and export the audit trail',
  'server.read': 'See the server’s settings',
  'server.manage': 'Change them, and add schools',
};

/** Pads a table as Prettier does, so that formatting the page changes nothing. */
function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const widths = head.map((_cell, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n');
}

/** What each role may do, and which route asks for what, as two tables. */
export function documented(routes: readonly RouteAccess[]): string {
  const may = table([
    ['', ...role.options.map((one) => roleNames[one])],
    ...permission.options.map((one) => [
      words[one],
      ...role.options.map((name) => (rolePermissions[name].includes(one) ? 'yes' : '')),
    ]),
  ]);
  const asks = table([
    ['Route', 'Who may call it'],
    ...routes
      .filter(({ url }) => !/^\/(docs|assets)(\/|$)/.test(url))
      .map((route) => [`\`${route.method} ${route.url}\``, callerOf(route)])
      .sort(([one = ''], [other = '']) => (one < other ? -1 : 1)),
  ]);
  return `${may}\n\n### Every route\n\n${asks}`;
}

function callerOf({ access, permission: wanted }: RouteAccess): string {
  const user = wanted === 'signedIn' || wanted === null ? 'anybody signed in' : `\`${wanted}\``;
  switch (access) {
    case 'public':
      return 'anyone';
    case 'device':
      return 'an enrolled machine, or one with a token';
    case 'operator':
      return 'the operator token';
    case 'session':
      return user;
    case 'metrics':
      return 'the metrics token or the operator token; without a metrics token, also a program on the server';
    case 'sessionOrOperator':
      return `${user}, or the operator token`;
  }
}

const begin = '<!-- what each role may do: written by tests/server/access-table.test.ts -->';
const end = '<!-- end -->';

/** The page with its generated part as it should be. */
export function withSection(text: string, section: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`docs/roles.md needs the lines "${begin}" and "${end}".`);
  return `${text.slice(0, from)}${begin}\n\n${section}\n\n${text.slice(to)}`;
}
