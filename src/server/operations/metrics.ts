import type { Registry } from 'prom-client';
import type { Context } from '../../core/context.js';
import type { AttemptReport } from '../../core/delivery/index.js';
import { type Measures, readMeasures } from '../../core/measures.js';
import type { PollSummary } from '../../core/polling/index.js';
import type { ServerWorld } from '../world.js';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60];

/** What the process did (counted here) and how the store stands (read at each scrape), as Prometheus text. */
export class Metrics {
  readonly #ctx: Context;
  readonly #registry: Registry;
  readonly #counters;
  readonly #gauges;

  constructor(ctx: Context, packages: ServerWorld['packages']) {
    this.#ctx = ctx;
    this.#registry = new packages.Registry();
    const registers = [this.#registry];
    const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
      new packages.Counter({ name: `gmail_events_${name}`, help, labelNames, registers });
    const histogram = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
      new packages.Histogram({ name: `gmail_events_${name}`, help, labelNames, registers, buckets: SECONDS });
    const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
      new packages.Gauge({ name: `gmail_events_${name}`, help, labelNames, registers });
    this.#counters = {
      polls: counter('polls_total', 'Polls of this process', 'status'),
      pollSeconds: histogram('poll_seconds', 'How long a poll took, without its deliveries'),
      requests: counter('gmail_requests_total', 'Calls of Gmail by polls and hub calls of this process'),
      units: counter('gmail_units_total', 'Gmail quota units of these calls'),
      changes: counter('changes_total', 'Events found by polls of this process'),
      attempts: counter('delivery_attempts_total', 'Attempts of deliveries by this process', 'outcome'),
      attemptSeconds: histogram('delivery_attempt_seconds', 'How long an attempt took'),
      httpSeconds: histogram('http_request_seconds', 'How long an answer took', 'method', 'route', 'status'),
    };
    this.#gauges = {
      outbox: gauge('outbox_notifications', 'Notifications in the store', 'state'),
      oldestPending: gauge('outbox_oldest_pending_seconds', 'Age of the oldest pending notification; 0: none'),
      cursors: gauge('cursor_age_seconds', 'Since when an instance is known to be read', 'instance'),
      unitsToday: gauge(
        'quota_units_today',
        'Units of an account since midnight UTC, by its first instance',
        'instance',
      ),
    };
    // A rate is known from the first scrape on only if the series is there before anything happens.
    for (const status of ['ok', 'failed']) this.#counters.polls.inc({ status }, 0);
    for (const outcome of ['delivered', 'failed', 'died']) this.#counters.attempts.inc({ outcome }, 0);
  }

  polled({ status, requests, units, events }: PollSummary, durationMs: number): void {
    this.#counters.polls.inc({ status });
    this.#counters.pollSeconds.observe(durationMs / 1000);
    this.#counters.changes.inc(events);
    this.called({ requests, units });
  }

  called({ requests, units }: { requests: number; units: number }): void {
    this.#counters.requests.inc(requests);
    this.#counters.units.inc(units);
  }

  attempted({ state, durationMs }: AttemptReport): void {
    const outcome = state === 'delivered' ? 'delivered' : state === 'dead' ? 'died' : 'failed';
    this.#counters.attempts.inc({ outcome });
    this.#counters.attemptSeconds.observe(durationMs / 1000);
  }

  /** `route` is the pattern of a path, never the path itself: those have no end. */
  answered(method: string, route: string, status: number, durationMs: number): void {
    this.#counters.httpSeconds.observe({ method, route, status: String(status) }, durationMs / 1000);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async text(): Promise<string> {
    this.#measure(await readMeasures(this.#ctx));
    return this.#registry.metrics();
  }

  #measure({ outbox, oldestPendingSeconds, cursors, unitsToday }: Measures): void {
    const gauges = this.#gauges;
    for (const [state, count] of Object.entries(outbox)) gauges.outbox.set({ state }, count);
    gauges.oldestPending.set(oldestPendingSeconds);
    // Instances come and go.
    gauges.cursors.reset();
    gauges.unitsToday.reset();
    for (const { instanceId, seconds } of cursors) gauges.cursors.set({ instance: String(instanceId) }, seconds);
    for (const { instanceId, units } of unitsToday) gauges.unitsToday.set({ instance: String(instanceId) }, units);
  }
}
