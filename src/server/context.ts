import type { Logger } from 'pino';
import type { SigningKey } from '../proof/index.ts';
import type { EventFeed } from './live/feed.ts';
import type { ServerMetrics } from './operation/metrics.ts';
import type { Owner } from './people/record-people.ts';
import type { CurrentPolicies } from './policies/publications.ts';
import type { Store } from './store/database.ts';

/** What the server's capabilities work with. */
export interface ServerContext {
  store: Store;
  owner: Owner;
  key: SigningKey;
  feed: EventFeed;
  policies: CurrentPolicies;
  now: () => Date;
  /** Where browsers and machines reach this server. */
  origin: () => string;
  pollSeconds: number;
  log: Logger;
  metrics: ServerMetrics;
}
