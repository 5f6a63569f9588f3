import type { FeedEvent } from './feed-event.ts';

type AnyValue =
  { stringValue: string } | { boolValue: boolean } | { intValue: string | number } | { doubleValue: number };
interface KeyValue {
  key: string;
  value: AnyValue;
}

/** Severity numbers of the log data model (https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber). */
const severities = {
  error: { severityNumber: 17, severityText: 'ERROR' },
  warning: { severityNumber: 13, severityText: 'WARN' },
  information: { severityNumber: 9, severityText: 'INFO' },
} as const;

function anyValue(value: string | number | boolean): AnyValue {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'string') return { stringValue: value };
  return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
}

function attributes(values: Record<string, unknown>): KeyValue[] {
  return Object.entries(values).flatMap(([key, value]) => {
    if (value === null || value === undefined) return [];
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return [{ key, value: plain ? anyValue(value) : { stringValue: JSON.stringify(value) } }];
  });
}

const nanoseconds = (at: string): string => `${BigInt(Date.parse(at)) * 1_000_000n}`;

/**
 * Attributes of one event, under the names of OpenTelemetry's semantic conventions where there is one
 * (https://opentelemetry.io/docs/specs/semconv/registry/attributes/) and under `usher.` where there is none.
 */
export function otlpAttributes(event: FeedEvent): KeyValue[] {
  return attributes({
    'event.name': `usher.${event.type}`,
    'log.record.uid': event.id,
    'host.name': event.machine,
    'host.id': event.deviceId,
    'user.name': event.account?.name,
    'user.id': event.account?.id,
    'usher.school.id': event.schoolId,
    'usher.event.number': event.number,
    'usher.record.epoch': event.epoch,
    'usher.record.seq': event.seq,
    'usher.record.hash': event.hash,
    'usher.rule.clause': event.clause,
    'usher.policy.version': event.policyVersion,
    ...Object.fromEntries(Object.entries(event.data).map(([name, value]) => [`usher.data.${name}`, value])),
  });
}

/**
 * An `ExportLogsServiceRequest` in OTLP/JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
 *
 * Encoded here rather than by the SDK's exporter: the exporter retries by itself, drops what fails, and does not say what
 * a collector refused in part, so no durable cursor can rest on it. A test holds this against what the exporter sends.
 */
export function otlpRequest(events: readonly FeedEvent[], service: { version: string }): unknown {
  return {
    resourceLogs: [
      {
        resource: {
          attributes: attributes({ 'service.name': 'usher', 'service.version': service.version }),
          droppedAttributesCount: 0,
        },
        scopeLogs: [
          {
            scope: { name: 'usher.events' },
            logRecords: events.map((event) => ({
              timeUnixNano: nanoseconds(event.at),
              observedTimeUnixNano: nanoseconds(event.receivedAt),
              ...severities[event.severity],
              body: { stringValue: event.sentence },
              eventName: `usher.${event.type}`,
              attributes: otlpAttributes(event),
              droppedAttributesCount: 0,
            })),
          },
        ],
      },
    ],
  };
}
