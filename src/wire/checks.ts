import type { z } from 'zod';
import {
  sessionProtocol,
  type SessionNotice,
  type SessionNotification,
  type SessionParams,
  type SessionRequest,
  type SessionResult,
} from '../contract/session.ts';

interface Check<T> {
  safeParse(value: unknown): z.ZodSafeParseResult<T>;
}

/** The protocol's own schemas, typed by request so that both halves can look one up by name. */
export const requestChecks: {
  readonly [M in SessionRequest]: {
    readonly params: Check<SessionParams<M>>;
    readonly result: Check<SessionResult<M>>;
  };
} = sessionProtocol.requests;

export const notificationChecks: {
  readonly [N in SessionNotification]: { readonly params: Check<SessionNotice<N>> };
} = sessionProtocol.notifications;

export function isRequest(method: string): method is SessionRequest {
  return Object.hasOwn(requestChecks, method);
}
