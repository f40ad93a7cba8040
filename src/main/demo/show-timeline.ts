import { type TimelineEntry, timelineOf } from '../../db/alert-events.ts';
import type { Db } from '../../db/sql.ts';
import type { AlertOutcome } from '../../db/town-outcomes.ts';
import { reasonFor, wallClock } from '../../domain/alerting/reason.ts';

/** Prints the timeline of an alert, from the reading that raised it to its end. */
export async function showTimeline(
  db: Db,
  { alertId, homeCode, detectors, evidence }: AlertOutcome,
  timeZone: string,
  print: (line: string) => void,
): Promise<void> {
  print(`\n${homeCode}: ${detectors.join(', ')}`);
  if (evidence) {
    print(`  ${reasonFor(evidence, 'en', timeZone)}`);
    print(`  ${wallClock(evidence.asOfMs, 'en', timeZone)}  the reading that showed it`);
  }
  for (const entry of await timelineOf(db, alertId)) {
    const who = entry.personName === null ? '' : `  ${entry.personName}`;
    print(`  ${wallClock(entry.at.getTime(), 'en', timeZone)}  ${entry.type}${who}${detailOf(entry)}`);
  }
}

/** The figures that tell the story; a full detail would bury it. */
function detailOf({ detail }: TimelineEntry): string {
  const told = ['detector', 'severity', 'intent', 'role', 'step', 'outcome', 'method', 'cause'].flatMap((name) => {
    const figure = detail[name];
    return typeof figure === 'string' || typeof figure === 'number' ? [`${name} ${figure}`] : [];
  });
  return told.length === 0 ? '' : `  (${told.join(', ')})`;
}
