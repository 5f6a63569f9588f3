import { Menu, nativeImage, Tray, type MenuItemConstructorOptions, type NativeImage } from 'electron';
import type { SyncState } from '../../src/contract/session.ts';
import type { PageView } from '../../src/contract/shell.ts';
import type { OpenableWindow } from '../open-argument.ts';
import { drawIcon, type IconMood } from './icon-drawing.ts';
import type { Locale } from '../../src/words/state-words.ts';
import { trayItems, trayLines, type TrayDeed, type TrayItem } from './tray-items.ts';

const scales = [1, 1.25, 1.5, 2, 3];
/** Points: 16 is what Windows and macOS show, Linux panels show 24. */
const iconSize = process.platform === 'linux' ? 24 : 16;
/** "Last synced 08:26" becomes "Last synced Tue 08:26" at midnight without any news. */
const wordsAgeMs = 60_000;

/** The tray icon and its menu. Only touches the system when the words have changed, so that an open menu stays open. */
export class UsherTray {
  private readonly tray: Tray;
  private readonly locale: Locale;
  private readonly now: () => Date;
  private readonly onOpen: (window: OpenableWindow) => void;
  private readonly onDo: (deed: TrayDeed) => void;
  private readonly images: Readonly<Record<IconMood, NativeImage>>;
  private shown = '';
  private locksInSeconds: number | null = null;
  private view: PageView = { service: 'reconnecting', view: null };

  constructor(options: {
    locale: Locale;
    now: () => Date;
    onOpen: (window: OpenableWindow) => void;
    onDo: (deed: TrayDeed) => void;
  }) {
    this.locale = options.locale;
    this.now = options.now;
    this.onOpen = options.onOpen;
    this.onDo = options.onDo;
    this.images = { calm: trayImage('calm'), attention: trayImage('attention') };
    this.tray = new Tray(this.images.calm);
    this.show(this.view);
    setInterval(() => this.show(this.view), wordsAgeMs).unref();
  }

  /** The screen locks after so long if nobody touches the computer; null when it does not. */
  locksIn(seconds: number | null): void {
    this.locksInSeconds = seconds;
    this.show(this.view);
  }

  show(view: PageView): void {
    this.view = view;
    const items = trayItems(view, this.now(), this.locale, this.locksInSeconds);
    const mood = moodOf(view);
    const words = JSON.stringify([mood, items]);
    if (words === this.shown) return;
    this.shown = words;
    this.tray.setImage(this.images[mood]);
    this.tray.setToolTip(['Usher', ...trayLines(view, this.now(), this.locale, this.locksInSeconds)].join('\n'));
    this.tray.setContextMenu(Menu.buildFromTemplate(items.map((item) => this.menuItem(item))));
  }

  private menuItem(item: TrayItem): MenuItemConstructorOptions {
    switch (item.kind) {
      case 'separator':
        return { type: 'separator' };
      case 'words':
        return { label: menuText(item.label), enabled: false };
      case 'open':
        return { label: menuText(item.label), enabled: item.enabled, click: () => this.onOpen(item.window) };
      case 'do':
        return { label: menuText(item.label), enabled: item.enabled, click: () => this.onDo(item.deed) };
    }
  }
}

/** An ampersand in a menu marks a shortcut; two of them show one. */
function menuText(label: string): string {
  return label.replaceAll('&', '&&');
}

const calmPhases = new Set<SyncState['phase']>(['notEnrolled', 'synced', 'sending']);

function moodOf(view: PageView): IconMood {
  if (view.service === 'reconnecting' || view.view === null) return 'attention';
  const { troubles, sync } = view.view;
  const inOrder = troubles.length === 0 && sync.trouble === null && calmPhases.has(sync.phase);
  return inOrder ? 'calm' : 'attention';
}

function trayImage(mood: IconMood): NativeImage {
  const style = process.platform === 'darwin' ? 'template' : 'colour';
  const image = nativeImage.createEmpty();
  for (const scaleFactor of scales) {
    const size = Math.round(iconSize * scaleFactor);
    image.addRepresentation({ scaleFactor, width: size, height: size, buffer: drawIcon(size, mood, style) });
  }
  if (style === 'template') image.setTemplateImage(true);
  return image;
}
