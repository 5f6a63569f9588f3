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
export type GatePageName = 'gate' | 'cover';
export interface GateWindowPlace {
  windowId: number;
  page: GatePageName;
  displayId: number;
  bounds: Place;
}
/** What has to happen, in this order, so that nothing is uncovered in between. */
export interface GateWindowPlan {
  move: { windowId: number; displayId: number; bounds: Place }[];
  open: { page: GatePageName; displayId: number; bounds: Place }[];
  close: { windowId: number }[];
}

/**
 * Decides the gate's windows: the policy on the primary display, a cover on each other one, none when the gate is not
 * up. The window with the policy is moved, never opened anew, so that what was read and typed stays.
 */
export function gateWindowPlan(
  displays: readonly DisplayPlace[],
  windows: readonly GateWindowPlace[],
  up: boolean,
): GateWindowPlan {
  const plan: GateWindowPlan = { move: [], open: [], close: [] };
  if (!up) return { ...plan, close: windows.map(({ windowId }) => ({ windowId })) };
  const primary = displays.find((display) => display.primary) ?? displays[0];
  if (primary === undefined) return plan;

  const free = [...windows];
  const place = (page: GatePageName, display: DisplayPlace, window: GateWindowPlace | undefined): void => {
    const target = { displayId: display.id, bounds: display.bounds };
    if (window === undefined) {
      plan.open.push({ page, ...target });
      return;
    }
    free.splice(free.indexOf(window), 1);
    if (window.displayId !== display.id || !samePlace(window.bounds, display.bounds)) {
      plan.move.push({ windowId: window.windowId, ...target });
    }
  };

  place(
    'gate',
    primary,
    free.find((window) => window.page === 'gate'),
  );
  const others = displays.filter((display) => display !== primary);
  const coverOn = (display: DisplayPlace) =>
    free.find((window) => window.page === 'cover' && window.displayId === display.id);
  for (const display of others.filter((one) => coverOn(one) !== undefined)) place('cover', display, coverOn(display));
  const uncovered = others.filter((one) => !windows.some((w) => w.page === 'cover' && w.displayId === one.id));
  for (const display of uncovered)
    place(
      'cover',
      display,
      free.find((window) => window.page === 'cover'),
    );

  return { ...plan, close: free.map(({ windowId }) => ({ windowId })) };
}

function samePlace(one: Place, other: Place): boolean {
  return one.x === other.x && one.y === other.y && one.width === other.width && one.height === other.height;
}
