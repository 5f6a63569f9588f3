import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** Of the whole program, whichever server in it is asked. */
const processRegistry = new Registry();
collectDefaultMetrics({ register: processRegistry, prefix: 'usher_' });

/** Upper bounds in seconds: a machine waits up to a second for its receipt, a person for a page. */
const requestBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const queryBuckets = [0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];
/** From "sent at once" to "was away over the summer". */
const lagBuckets = [1, 5, 30, 60, 300, 3_600, 86_400, 604_800, 2_592_000, 7_776_000];

/** Methods that the server answers. Anything else is one label, so that strangers cannot make new series. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Route label of a request that no route takes. */
const noRoute = 'none';

export interface MachineCounts {
  enrolled: number;
  seenLastHour: number;
}

/**
 * What the server counts. Labels come from closed sets: route patterns, statuses, problem codes, names of jobs. Nothing
 * about a person, a machine or a school is ever a label.
 */
export interface ServerMetrics {
  /** `seconds` is null for a stream, which ends when its reader leaves. */
  answered(answer: { method: string; route: string | undefined; status: number; seconds: number | null }): void;
  refused(refusal: { route: string | undefined; code: string }): void;
  /** One exchange was committed. `lagSeconds`: age of its oldest new record when it was sent; null when none was new. */
  batchTaken(batch: { records: number; seconds: number; lagSeconds: number | null }): void;
  queryTook(seconds: number): void;
  streamOpened(): void;
  streamClosed(): void;
  jobEnded(run: { job: string; ok: boolean; seconds: number; at: Date }): void;
  /** Everything in Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/). */
  text(): Promise<string>;
  contentType: string;
}

/** @param countMachines asked at every scrape; when it fails, the two figures are left out of that scrape. */
export function serverMetrics(countMachines: () => Promise<MachineCounts>): ServerMetrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  const requests = new Counter({
    name: 'usher_http_requests_total',
    help: 'Requests answered, by route pattern and status',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'usher_http_request_duration_seconds',
    help: 'From the first byte of a request to the last of its answer',
    labelNames: ['method', 'route'],
    buckets: requestBuckets,
    registers,
  });
  const refusals = new Counter({
    name: 'usher_requests_refused_total',
    help: 'Refusals by problem code, such as sync.badSignature',
    labelNames: ['route', 'code'],
    registers,
  });
  const batches = new Counter({
    name: 'usher_sync_batches_taken_total',
    help: 'Exchanges with machines that were committed, polls without records included',
    registers,
  });
  const records = new Counter({
    name: 'usher_sync_records_taken_total',
    help: 'New records committed',
    registers,
  });
  const ingestSeconds = new Histogram({
    name: 'usher_sync_ingest_duration_seconds',
    help: 'From a whole batch having arrived to its receipt, everything committed',
    buckets: requestBuckets,
    registers,
  });
  const lag = new Histogram({
    name: 'usher_sync_record_lag_seconds',
    help: 'Age of the oldest new record of a batch when it was sent, by the clock of its machine',
    buckets: lagBuckets,
    registers,
  });
  const querySeconds = new Histogram({
    name: 'usher_database_query_duration_seconds',
    help: 'Statements of the database, waiting for a connection included',
    buckets: queryBuckets,
    registers,
  });
  const streams = new Gauge({ name: 'usher_live_streams_open', help: 'Open live streams of consoles', registers });
  const jobRuns = new Counter({
    name: 'usher_job_runs_total',
    help: 'Runs of scheduled work that ended, failures included',
    labelNames: ['job'],
    registers,
  });
  const jobFailures = new Counter({
    name: 'usher_job_failures_total',
    help: 'Runs of scheduled work that failed',
    labelNames: ['job'],
    registers,
  });
  const jobSeconds = new Gauge({
    name: 'usher_job_last_duration_seconds',
    help: 'How long the newest run of scheduled work took',
    labelNames: ['job'],
    registers,
  });
  const jobSuccess = new Gauge({
    name: 'usher_job_last_success_timestamp_seconds',
    help: 'When scheduled work last succeeded (Unix time)',
    labelNames: ['job'],
    registers,
  });
  const seen = new Gauge({
    name: 'usher_machines_seen_last_hour',
    help: 'Machines that synced within the last hour',
    registers,
  });
  const enrolled = new Gauge({ name: 'usher_machines_enrolled', help: 'Machines enrolled', registers });

  return {
    answered({ method, route = noRoute, status, seconds }) {
      const known = methods.has(method) ? method : 'other';
      requests.inc({ method: known, route, status });
      if (seconds !== null) requestSeconds.observe({ method: known, route }, seconds);
    },
    refused: ({ route = noRoute, code }) => refusals.inc({ route, code }),
    batchTaken({ records: taken, seconds, lagSeconds }) {
      batches.inc();
      records.inc(taken);
      ingestSeconds.observe(seconds);
      if (lagSeconds !== null) lag.observe(Math.max(0, lagSeconds));
    },
    queryTook: (seconds) => querySeconds.observe(seconds),
    streamOpened: () => streams.inc(),
    streamClosed: () => streams.dec(),
    jobEnded({ job, ok, seconds, at }) {
      jobRuns.inc({ job });
      jobSeconds.set({ job }, seconds);
      if (ok) jobSuccess.set({ job }, at.getTime() / 1_000);
      else jobFailures.inc({ job });
    },
    async text() {
      const counts = await countMachines().catch(() => null);
      if (counts !== null) {
        seen.set(counts.seenLastHour);
        enrolled.set(counts.enrolled);
      }
      const own = await registry.getMetricsAsJSON();
      const known = counts === null ? own.filter(({ name }) => !name.startsWith('usher_machines_')) : own;
      const texts = await Promise.all(known.map(({ name }) => registry.getSingleMetricAsString(name)));
      return `${[await processRegistry.metrics(), ...texts].map((part) => part.trim()).join('\n\n')}\n`;
    },
    contentType: registry.contentType,
  };
}
