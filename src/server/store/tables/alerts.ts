import type { Keyed } from './keyed.ts';

/** Where alerts go. `school_id` of these tables is `*` for every school; `settings`, `terms` and the like are JSON. */
export interface AlertChannelTable extends Keyed {
  channel_id: string;
  kind: string;
  name: string;
  settings: string;
  /** What is secret, as JSON, encrypted. */
  sealed: string | null;
  enabled: number;
  created_at: string;
  last_success_at: string | null;
  last_failure_at: string | null;
  last_failure: string | null;
}

export interface AlertRuleTable extends Keyed {
  rule_id: string;
  name: string;
  terms: string;
  enabled: number;
  created_at: string;
  last_alert_at: string | null;
}

/** What a rule remembers of one school. */
export interface AlertStateTable extends Keyed {
  rule_id: string;
  state: string;
  held_back: number;
  /** The newest match, for the summary of what was held back. */
  newest: string;
}

/** How far events and the audit trail have been looked at. */
export interface AlertCursorTable {
  trust_id: string;
  name: string;
  value: number;
}

/** Findings that were counted already, so that none is alerted on twice. */
export interface AlertFindingTable {
  trust_id: string;
  finding: string;
  counted: number;
  seen_at: string;
}

export interface AlertTable extends Keyed {
  alert_id: string;
  /** Growing in the order alerts were raised. */
  number: number;
  kind: string;
  rule_id: string | null;
  rule_name: string;
  at: string;
  message: string;
}

/** The way of an alert to one receiver of a channel. */
export interface AlertDeliveryTable extends Keyed {
  delivery_id: string;
  /** Growing in the order alerts were raised: each receiver gets them in this order. */
  number: number;
  alert_id: string;
  channel_id: string;
  channel_name: string;
  /** The mail address; empty for a webhook. */
  target: string;
  state: string;
  attempts: number;
  created_at: string;
  next_at: string;
  settled_at: string | null;
  error: string | null;
}

export interface AlertDigestTable extends Keyed {
  settings: string;
  enabled: number;
}

/** Events passed on as they are committed. `position` is the number of the last event the receiver has. */
export interface EventFeedTable extends Keyed {
  feed_id: string;
  kind: string;
  name: string;
  settings: string;
  sealed: string | null;
  enabled: number;
  created_at: string;
  position: number;
  /** The event it stands at because the receiver refuses it. */
  refused_number: number | null;
  sent: number;
  refused: number;
  failures: number;
  next_at: string;
  last_success_at: string | null;
  last_failure_at: string | null;
  last_failure: string | null;
}

/** Alerts, their way to receivers, and feeds of events. */
export interface AlertsTables {
  alert_channels: AlertChannelTable;
  alert_rules: AlertRuleTable;
  alert_states: AlertStateTable;
  alert_cursors: AlertCursorTable;
  alert_findings: AlertFindingTable;
  alerts: AlertTable;
  alert_deliveries: AlertDeliveryTable;
  alert_digests: AlertDigestTable;
  event_feeds: EventFeedTable;
}
