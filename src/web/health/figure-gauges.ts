import { Counter, Gauge, Registry } from 'prom-client';
import type { Figure, Measure } from '../../db/metrics.ts';

interface FigureSpec {
  /** A name that ends in `_total` is a counter's: it only grows. */
  readonly name: string;
  readonly help: string;
  /** What a figure's kind and subkind are called, as far as the measure has them. */
  readonly labels: readonly string[];
}

/** How the figures out of the database are called. No label ever names a home, a person or a phone. */
const FIGURES: Readonly<Record<Measure, FigureSpec>> = {
  homes: {
    name: 'stillwater_homes',
    help: 'Homes under watch by their last verdict. NOT_YET_JUDGED and CANNOT_TELL are homes nobody watches over.',
    labels: ['verdict'],
  },
  unwatched_homes: {
    name: 'stillwater_unwatched_homes',
    help: 'Homes under watch of which nobody can tell whether water is used: CANNOT_TELL or NOT_YET_JUDGED, by tier.',
    labels: ['tier'],
  },
  unwatched_hours: {
    name: 'stillwater_unwatched_hours_total',
    help: 'Hours for which homes could not be watched since the beginning, added up over all homes.',
    labels: [],
  },
  newest_reading_age: {
    name: 'stillwater_newest_reading_age_seconds',
    help: 'Age of the newest reading that has been judged, by the clock of its meter.',
    labels: [],
  },
  batches_waiting: {
    name: 'stillwater_batches_waiting',
    help: 'Batches of stored readings that the detectors have not looked at yet.',
    labels: [],
  },
  batch_oldest_age: {
    name: 'stillwater_batch_oldest_age_seconds',
    help: 'How long the oldest of these batches has been waiting. It grows when the detectors stand still.',
    labels: [],
  },
  quarantined: {
    name: 'stillwater_quarantined_messages',
    help: 'Messages that wait in quarantine because they could not be taken as readings, by reason.',
    labels: ['reason'],
  },
  unknown_meters: {
    name: 'stillwater_unknown_meters',
    help: 'Meters that send and that nobody registered. Their messages wait in quarantine until somebody does.',
    labels: [],
  },
  alerts_open: {
    name: 'stillwater_alerts_open',
    help: 'Alerts that are not closed, by state and severity.',
    labels: ['state', 'severity'],
  },
  step_overdue: {
    name: 'stillwater_escalation_overdue_seconds',
    help: 'How long the most overdue escalation step has been due. More than a minute means nobody is being asked.',
    labels: [],
  },
  texts_waiting: {
    name: 'stillwater_outbox_waiting',
    help: 'Texts owed to somebody that no gateway has taken yet.',
    labels: [],
  },
  text_overdue: {
    name: 'stillwater_outbox_overdue_seconds',
    help: 'How long the oldest text has been due that no gateway has taken yet.',
    labels: [],
  },
  deliveries: {
    name: 'stillwater_deliveries',
    help: 'Attempts to send a text, by what is known of them.',
    labels: ['status'],
  },
  deliveries_silent: {
    name: 'stillwater_deliveries_without_receipt',
    help: 'Attempts of the last day that a gateway took over 15 minutes ago and of which nothing was heard since.',
    labels: [],
  },
  repairs: {
    name: 'stillwater_repairs',
    help: 'What the auditor found wrong and put right since the beginning, by kind. Every rise deserves a look.',
    labels: ['kind'],
  },
  messages_missing: {
    name: 'stillwater_messages_missing',
    help: 'Numbered messages that have not come and are asked for again.',
    labels: [],
  },
  messages_given_up: {
    name: 'stillwater_messages_given_up',
    help: 'Numbered messages that will not come: missed, or before_first, which were sent before anybody listened.',
    labels: ['kind'],
  },
  sequence_note_age: {
    name: 'stillwater_sequence_note_oldest_age_seconds',
    help: 'How long stored numbers have been waiting to be acknowledged to their senders.',
    labels: [],
  },
  outages_open: {
    name: 'stillwater_outages_open',
    help: 'Areas whose homes are silent or dry at once, and planned works under way, by cause.',
    labels: ['cause'],
  },
  alerts_held: {
    name: 'stillwater_alerts_held',
    help: 'Alerts that wait for an outage of their area, or in the queue (volume). Each has a deadline.',
    labels: ['cause'],
  },
  hold_overdue: {
    name: 'stillwater_hold_overdue_seconds',
    help: 'How long the most overdue alert has waited beyond its deadline. More than two minutes: nobody judges homes.',
    labels: [],
  },
  broker_drops: {
    name: 'stillwater_broker_messages_dropped',
    help: 'Messages that the broker dropped since this client of it first heard of it. Every rise may be readings lost.',
    labels: ['client'],
  },
  roster_gaps: {
    name: 'stillwater_roster_gaps',
    help: 'Homes that will have nobody of their own to ask in the coming week (nobody, all_away), and duty slots without anyone (empty_slot).',
    labels: ['kind'],
  },
  tickets_open: { name: 'stillwater_tickets_open', help: 'Open device tickets by kind.', labels: ['kind'] },
};

/** The figures as metrics. They are made anew for each scrape, so what has gone is gone, and never reads as 0. */
export function gaugesOf(figures: readonly Figure[]): Registry {
  const registry = new Registry();
  const metrics = new Map<Measure, Gauge | Counter>();
  for (const { measure, kind, subkind, amount } of figures) {
    const { name, help, labels } = FIGURES[measure];
    const Metric = name.endsWith('_total') ? Counter : Gauge;
    const metric = metrics.get(measure) ?? new Metric({ name, help, labelNames: [...labels], registers: [registry] });
    metrics.set(measure, metric);
    const kinds = [kind, subkind];
    metric.inc(Object.fromEntries(labels.map((label, i) => [label, kinds[i] ?? ''])), amount);
  }
  return registry;
}
