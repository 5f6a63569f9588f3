import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { z } from 'zod';
import { problemFromZod, refused } from '../src/contract/problem.ts';
import {
  pageChannel,
  pageProtocol,
  type PageName,
  type PageParams,
  type PageRequest,
  type PageResult,
} from '../src/contract/shell.ts';
import { callerFault } from './caller-check.ts';

/** The page a call came from. */
export interface CallingPage {
  name: PageName;
  contents: WebContents;
}

export type PageCallHandlers = {
  [M in PageRequest]: (params: PageParams<M>, from: CallingPage) => PageResult<M> | Promise<PageResult<M>>;
};

export interface PageCallOptions {
  /** `file:` address of the pages' folder. */
  pagesUrl: string;
  /** Which of our windows these contents belong to. */
  pageOf(contents: WebContents): PageName | null;
  handlers: PageCallHandlers;
  /** A call was turned away; a sentence for the log. */
  onRefused(note: string): void;
}

interface Check<T> {
  safeParse(value: unknown): z.ZodSafeParseResult<T>;
}
const checks: { readonly [M in PageRequest]: { params: Check<PageParams<M>>; result: Check<PageResult<M>> } } =
  pageProtocol.requests;

/**
 * Registers every request of the page protocol: the only place that listens to pages. A call must come from the main
 * frame of one of our windows, from an address inside the pages' folder, and fit its schema; so must the answer.
 * What is wrong goes back as a problem; a request whose result cannot hold one rejects with the same sentence.
 */
export function listenToPages(options: PageCallOptions): void {
  for (const name of requestNames) listenTo(name, options);
}

const requestNames = z
  .array(
    z.enum([
      'view',
      'readingProgressed',
      'accept',
      'decline',
      'chooseRole',
      'answerCheck',
      'postpone',
      'namePerson',
      'askAgain',
      'policyText',
      'receipts',
      'finish',
      'lockNow',
      'extend',
      'endPresentation',
      'answerNotice',
      'signOut',
      'askForDevice',
      'enterDeviceCode',
      'print',
    ]),
  )
  .parse(Object.keys(pageProtocol.requests));

function listenTo<M extends PageRequest>(name: M, options: PageCallOptions): void {
  const check = checks[name];
  const answerRefusal = (refusal: ReturnType<typeof refused>): PageResult<M> => {
    options.onRefused(`${name}: ${refusal.problem.detail}`);
    const asResult = check.result.safeParse(refusal);
    if (asResult.success) return asResult.data;
    throw new Error(refusal.problem.detail);
  };

  ipcMain.handle(pageChannel(name), async (event, ...given: unknown[]): Promise<PageResult<M>> => {
    const page = options.pageOf(event.sender);
    const fault = callerFault({ page, ...frameOf(event) }, options.pagesUrl);
    if (fault !== null || page === null)
      return answerRefusal(fault ?? refused('page.unknownWindow', 'Unknown window.'));
    const params = check.params.safeParse(given[0]);
    if (!params.success) return answerRefusal({ ok: false, problem: problemFromZod(params.error, 'page.invalid') });
    let answer: PageResult<M>;
    try {
      answer = await options.handlers[name](params.data, { name: page, contents: event.sender });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return answerRefusal(refused('page.failed', `Usher could not do this: ${why}`.slice(0, 1_000)));
    }
    const result = check.result.safeParse(answer);
    if (result.success) return result.data;
    return answerRefusal({ ok: false, problem: problemFromZod(result.error, 'page.badAnswer', 'answer') });
  });
}

function frameOf(event: IpcMainInvokeEvent): { isMainFrame: boolean; address: string } {
  const frame = event.senderFrame;
  if (frame === null || event.sender.isDestroyed()) return { isMainFrame: false, address: '' };
  return { isMainFrame: frame === event.sender.mainFrame, address: frame.url };
}
