import { z } from 'zod';

const displaySize = z.string().regex(/^\d{2,5}x\d{2,5}$/, 'must be sizes such as 1280x800,1920x1080');

const schema = z.object({
  /** Sizes of the simulated displays, from left to right, without a real one. */
  STANDIN_DISPLAYS: z
    .string()
    .default('1280x800')
    .transform((text) => text.split(','))
    .pipe(z.array(displaySize).min(1).max(8)),
  /** `1`: simulated displays even where a real one is present. */
  STANDIN_HEADLESS: z.string().optional(),
  /** `1`: tests may drive the stand-in (control address, DevTools port); printed as one line `standin-ready {…}`. */
  STANDIN_CONTROL: z.string().optional(),
  /** Chromium to use instead of the one that is found. */
  STANDIN_CHROMIUM: z.string().optional(),
  /** Folder for `appData`, instead of a temporary one. */
  STANDIN_APP_DATA: z.string().optional(),
  /** Folder for `downloads`, instead of the person's own. */
  STANDIN_DOWNLOADS: z.string().optional(),
  DISPLAY: z.string().optional(),
  WAYLAND_DISPLAY: z.string().optional(),
});

/** The stand-in's settings: the only place that reads them. */
export const environment = schema.parse(process.env);

/** Is there a screen on which a real window can be shown? */
export const hasRealDisplay =
  environment.STANDIN_HEADLESS !== '1' &&
  (process.platform !== 'linux' || (environment.DISPLAY ?? environment.WAYLAND_DISPLAY ?? '') !== '');
