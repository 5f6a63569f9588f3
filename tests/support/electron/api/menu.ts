import type { MenuItemConstructorOptions } from 'electron';

export interface MenuItem {
  type: string;
  label: string;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  choose(): void;
}

/** A menu as a list that can be shown and chosen from. */
export class Menu {
  readonly items: MenuItem[];
  private static applicationMenu: Menu | null = null;

  constructor(items: MenuItem[] = []) {
    this.items = items;
  }
  static buildFromTemplate(template: MenuItemConstructorOptions[]): Menu {
    return new Menu(template.map(menuItem));
  }
  static setApplicationMenu(menu: Menu | null): void {
    Menu.applicationMenu = menu;
  }
  static getApplicationMenu(): Menu | null {
    return Menu.applicationMenu;
  }
  popup(): void {}
}

function menuItem(options: MenuItemConstructorOptions): MenuItem {
  return {
    type: options.type ?? 'normal',
    // An ampersand marks a shortcut key; two of them are one.
    label: (options.label ?? '').replaceAll(/&(.)/g, '$1'),
    enabled: options.enabled ?? true,
    visible: options.visible ?? true,
    checked: options.checked ?? false,
    // Listeners get Electron's item, window and event; the shell's use none of them.
    choose: () => Reflect.apply(options.click ?? (() => undefined), undefined, []),
  };
}
