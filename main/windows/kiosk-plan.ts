/** Where a display or a window is, in screen coordinates. */
export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface DisplayPlace {
  id: number;
  primary: boolean;
  bounds: Place;
}
/** `main`: on the primary display. `other`: on each further one. */
export type KioskRole = 'main' | 'other';
export interface KioskWindowPlace {
  windowId: number;
  role: KioskRole;
  displayId: number;
  bounds: Place;
}
/** What has to happen, in this order, so that nothing is uncovered in between. */
export interface KioskWindowPlan {
  move: { windowId: number; displayId: number; bounds: Place }[];
  open: { role: KioskRole; displayId: number; bounds: Place }[];
  close: { windowId: number }[];
}

/**
 * Decides the windows that cover every display: the main one on the primary display, another on each further one, none
 * when nothing is up. The main window is moved, never opened anew, so that what was read and typed in it stays.
 */
export function kioskWindowPlan(
  displays: readonly DisplayPlace[],
  windows: readonly KioskWindowPlace[],
  up: boolean,
): KioskWindowPlan {
  const plan: KioskWindowPlan = { move: [], open: [], close: [] };
  if (!up) return { ...plan, close: windows.map(({ windowId }) => ({ windowId })) };
  const primary = displays.find((display) => display.primary) ?? displays[0];
  if (primary === undefined) return plan;

  const free = [...windows];
  const place = (role: KioskRole, display: DisplayPlace, window: KioskWindowPlace | undefined): void => {
    const target = { displayId: display.id, bounds: display.bounds };
    if (window === undefined) {
      plan.open.push({ role, ...target });
      return;
    }
    free.splice(free.indexOf(window), 1);
    if (window.displayId !== display.id || !samePlace(window.bounds, display.bounds)) {
      plan.move.push({ windowId: window.windowId, ...target });
    }
  };

  place(
    'main',
    primary,
    free.find((window) => window.role === 'main'),
  );
  const others = displays.filter((display) => display !== primary);
  const otherOn = (display: DisplayPlace) =>
    free.find((window) => window.role === 'other' && window.displayId === display.id);
  for (const display of others.filter((one) => otherOn(one) !== undefined)) place('other', display, otherOn(display));
  const uncovered = others.filter((one) => !windows.some((w) => w.role === 'other' && w.displayId === one.id));
  for (const display of uncovered)
    place(
      'other',
      display,
      free.find((window) => window.role === 'other'),
    );

  return { ...plan, close: free.map(({ windowId }) => ({ windowId })) };
}

function samePlace(one: Place, other: Place): boolean {
  return one.x === other.x && one.y === other.y && one.width === other.width && one.height === other.height;
}
