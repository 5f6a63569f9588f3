import { consolePaths } from '../../src/contract/console.ts';
import { devicePaths } from '../../src/contract/console-devices.ts';

const asDescribed = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}');

/**
 * Routes that do not keep to the caller's schools yet, and so may show another school's data. A new route is not in it:
 * whoever scopes a route takes it out, and the last one takes out this file.
 */
export const notYetScoped = new Set(
  [
    consolePaths.overview,
    consolePaths.people,
    consolePaths.person,
    consolePaths.events,
    consolePaths.eventStream,
    consolePaths.event,
    consolePaths.acceptance,
    consolePaths.machines,
    consolePaths.machine,
    ...Object.values(devicePaths),
  ].map(asDescribed),
);
