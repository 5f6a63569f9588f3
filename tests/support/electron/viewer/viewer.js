// @ts-check
/** Shows the windows of the shell and passes on mouse and keys. Runs in any browser; no build step. */

/** @template {Element} T @param {string} id @param {new () => T} kind @returns {T} */
function part(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${id}`);
  return found;
}
const stateLine = part('state', HTMLElement);
const tray = part('tray', HTMLDetailsElement);
const trayIcon = part('tray-icon', HTMLImageElement);
const trayItems = part('tray-items', HTMLElement);
const tabs = part('windows', HTMLElement);
const stage = part('stage', HTMLElement);
const picture = part('picture', HTMLImageElement);
const keys = part('keys', HTMLTextAreaElement);
const empty = part('empty', HTMLElement);
const problem = part('problem', HTMLElement);
const locked = part('locked', HTMLElement);
const unlock = part('unlock', HTMLButtonElement);

/** @type {{windows: any[], displays: any[], tray: any, locked: boolean}} */
let state = { windows: [], displays: [], tray: null, locked: false };
/** @type {number | null} */
let watched = null;
/** What the person last chose, so that it is kept while it exists. @type {number | null} */
let chosen = null;
/** @type {WebSocket | null} */
let socket = null;

/** @param {object} message */
function send(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function connect() {
  const address = new URL('windows', location.href);
  address.protocol = 'ws:';
  socket = new WebSocket(address);
  socket.addEventListener('message', ({ data }) => receive(JSON.parse(data)));
  socket.addEventListener('close', () => {
    watched = null;
    stateLine.textContent = 'Usher’s shell is not running. Trying again…';
    stage.hidden = true;
    setTimeout(connect, 1000);
  });
}

/** @param {any} message */
function receive(message) {
  if (message.kind === 'frame' && message.id === watched) picture.src = `data:image/jpeg;base64,${message.jpeg}`;
  if (message.kind === 'problem') problem.textContent = message.sentence;
  if (message.kind === 'state') {
    state = message;
    show();
  }
}

function show() {
  const visible = state.windows.filter((window) => window.visible);
  const kept = visible.find((window) => window.id === chosen);
  const front = visible.find((window) => window.focused) ?? visible.at(-1);
  const next = kept ?? front ?? null;
  if (next === null) chosen = null;
  watch(next?.id ?? null);
  locked.hidden = !state.locked;
  empty.hidden = next !== null || state.locked;
  stage.hidden = next === null || state.locked;
  tray.toggleAttribute('inert', state.locked);
  picture.alt = next === null ? '' : `Picture of the window “${next.title}”`;
  stateLine.textContent = sentence(visible);
  showTabs(visible);
  showTray();
}

/** @param {any[]} visible */
function sentence(visible) {
  if (state.locked) return 'Locked, as its own system does it.';
  if (visible.length === 0) return 'Running in the tray.';
  const kiosk = visible.filter((window) => window.kiosk).length;
  if (kiosk > 0) return kiosk === 1 ? 'The screen is covered by the policy.' : `${kiosk} screens are covered.`;
  return visible.length === 1 ? 'One window is open.' : `${visible.length} windows are open.`;
}

/** @param {any[]} visible */
function showTabs(visible) {
  tabs.replaceChildren(
    ...visible
      .toSorted((one, other) => one.displayId - other.displayId || one.id - other.id)
      .map((window) => {
        const button = document.createElement('button');
        const display = state.displays.find((one) => one.id === window.displayId);
        button.type = 'button';
        button.textContent = window.title;
        if (state.displays.length > 1 && display) {
          const where = document.createElement('small');
          where.textContent = display.label;
          button.append(where);
        }
        button.setAttribute('aria-pressed', String(window.id === watched));
        button.addEventListener('click', () => {
          chosen = window.id;
          show();
        });
        return button;
      }),
    ...closeButton(visible.find((window) => window.id === watched)),
  );
}

/** @param {any} window */
function closeButton(window) {
  if (!window || window.kiosk) return [];
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Close this window';
  button.addEventListener('click', () => send({ kind: 'close', id: window.id }));
  return [button];
}

function showTray() {
  tray.hidden = state.tray === null;
  if (state.tray === null) return;
  trayIcon.src = state.tray.icon;
  trayItems.replaceChildren(
    ...state.tray.items.map((/** @type {any} */ item) => {
      const line = document.createElement('li');
      if (item.type === 'separator') line.append(document.createElement('hr'));
      else if (!item.enabled) {
        line.className = 'words';
        line.textContent = item.label;
      } else {
        const button = document.createElement('button');
        button.type = 'button';
        button.textContent = item.label;
        button.addEventListener('click', () => {
          tray.open = false;
          chosen = null;
          send({ kind: 'tray', index: item.index });
        });
        line.append(button);
      }
      return line;
    }),
  );
}

/** @param {number | null} id */
function watch(id) {
  if (id === watched) return;
  watched = id;
  picture.removeAttribute('src');
  send({ kind: 'watch', id });
}
document.addEventListener('visibilitychange', () => {
  if (document.hidden) watch(null);
  else show();
});

/** @param {MouseEvent} event */
function place(event) {
  const box = picture.getBoundingClientRect();
  const window = state.windows.find((one) => one.id === watched);
  const { width, height } = window?.bounds ?? { width: box.width, height: box.height };
  return {
    x: ((event.clientX - box.left) / box.width) * width,
    y: ((event.clientY - box.top) / box.height) * height,
  };
}
/** @param {MouseEvent | KeyboardEvent} event */
const held = (event) =>
  (event.altKey ? 1 : 0) | (event.ctrlKey ? 2 : 0) | (event.metaKey ? 4 : 0) | (event.shiftKey ? 8 : 0);
const buttonNames = /** @type {const} */ (['left', 'middle', 'right']);
/** @param {object} input */
function input(input) {
  if (watched !== null) send({ kind: 'input', id: watched, input });
}

/** @param {'mousePressed' | 'mouseReleased' | 'mouseMoved'} type */
const mouse = (type) => (/** @type {PointerEvent} */ event) => {
  problem.textContent = '';
  const button = type === 'mouseMoved' ? 'none' : (buttonNames[event.button] ?? 'none');
  if (type === 'mousePressed') keys.setPointerCapture(event.pointerId);
  const clickCount = type === 'mouseMoved' ? 0 : clicks(event, type);
  input({ kind: 'mouse', type, ...place(event), button, buttons: event.buttons, clickCount, modifiers: held(event) });
};
let lastClick = { at: 0, count: 0 };
/** @param {PointerEvent} event @param {string} type */
function clicks(event, type) {
  if (type === 'mousePressed') {
    const again = event.timeStamp - lastClick.at < 400;
    lastClick = { at: event.timeStamp, count: again ? Math.min(3, lastClick.count + 1) : 1 };
  }
  return Math.max(1, lastClick.count);
}
keys.addEventListener('pointerdown', mouse('mousePressed'));
keys.addEventListener('pointerup', mouse('mouseReleased'));
keys.addEventListener('pointermove', mouse('mouseMoved'));
keys.addEventListener('contextmenu', (event) => event.preventDefault());
keys.addEventListener(
  'wheel',
  (event) => {
    event.preventDefault();
    const scale = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 40 : 1;
    const { deltaX, deltaY } = event;
    input({ kind: 'wheel', ...place(event), deltaX: deltaX * scale, deltaY: deltaY * scale, modifiers: held(event) });
  },
  { passive: false },
);

/** @param {'keyDown' | 'keyUp'} type */
const key = (type) => (/** @type {KeyboardEvent} */ event) => {
  if (event.key === 'F6') {
    event.preventDefault();
    if (type === 'keyDown') /** @type {HTMLElement | null} */ (tabs.querySelector('button') ?? tray)?.focus();
    return;
  }
  const composing =
    event.isComposing || event.key === 'Process' || event.key === 'Unidentified' || event.key === 'Dead';
  const pasting = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'v';
  if (composing || pasting) return;
  event.preventDefault();
  input({ kind: 'key', type, key: event.key, code: event.code, keyCode: event.keyCode, modifiers: held(event) });
};
keys.addEventListener('keydown', key('keyDown'));
keys.addEventListener('keyup', key('keyUp'));
keys.addEventListener('paste', (event) => {
  event.preventDefault();
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (text !== '') input({ kind: 'text', text });
});
keys.addEventListener('input', (event) => {
  if (event instanceof InputEvent && event.isComposing) return;
  if (keys.value !== '') input({ kind: 'text', text: keys.value });
  keys.value = '';
});
keys.addEventListener('compositionend', () => {
  if (keys.value !== '') input({ kind: 'text', text: keys.value });
  keys.value = '';
});

unlock.addEventListener('click', () => send({ kind: 'unlock' }));
let touchedAt = 0;
for (const event of ['pointermove', 'keydown']) {
  document.addEventListener(event, (one) => {
    if (one.timeStamp - touchedAt < 500) return;
    touchedAt = one.timeStamp;
    send({ kind: 'touch' });
  });
}

connect();
