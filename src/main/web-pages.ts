import type { FastifyInstance } from 'fastify';
import { addNote } from '../alerts/add-note.ts';
import { admitForm } from '../alerts/admit-form.ts';
import type { AlertDeps } from '../alerts/alert-deps.ts';
import { claimAlert } from '../alerts/claim-alert.ts';
import { correctVerification } from '../alerts/correct-verification.ts';
import { keepLateAnswer } from '../alerts/keep-late-answer.ts';
import { keepPhoto } from '../alerts/keep-photo.ts';
import { noteOpening } from '../alerts/note-opening.ts';
import { recordVerification } from '../alerts/record-verification.ts';
import { type EnteredCode, redeemCheckCode } from '../alerts/redeem-check-code.ts';
import { reopenAlert } from '../alerts/reopen-alert.ts';
import { startDailyWord } from '../alerts/start-daily-word.ts';
import { stopDailyWord } from '../alerts/stop-daily-word.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { Secret } from '../core/secret.ts';
import type { DbPool } from '../db/sql.ts';
import { takeReadings } from '../ingest/files/take-readings.ts';
import { createMeterDirectory } from '../ingest/meter-directory.ts';
import type { StoredBatch } from '../ingest/store-batch.ts';
import { type Receipt, recordReceipt } from '../notify/record-receipt.ts';
import { type KeyPress, recordKeyPress } from '../notify/record-key-press.ts';
import { type InboundReply, recordReply } from '../notify/record-reply.ts';
import { readingsApi, type ReadingsApiOptions } from '../web/api/readings.ts';
import type { Metrics } from '../web/health/metrics.ts';
import { codePages } from '../web/code/code-pages.ts';
import { dailyPages } from '../web/daily/daily-pages.ts';
import { homePage } from '../web/home-page.ts';
import { phonesPage } from '../web/phones/phones-page.ts';
import type { VerificationVerbs } from '../web/verification/verification-deps.ts';
import { verificationPages } from '../web/verification/verification-pages.ts';
import { gatewayWebhooks } from '../web/webhooks/gateway-webhooks.ts';
import { twilioInbound } from '../web/webhooks/twilio-inbound.ts';
import { twilioKey } from '../web/webhooks/twilio-key.ts';
import { twilioStatus } from '../web/webhooks/twilio-status.ts';
import { isLoopback, showsPhones } from './loopback.ts';
import type { Sms } from './sms.ts';

export interface PagesOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly pool: DbPool;
  /** For readings over HTTP, so that they cannot keep the pages waiting. */
  readonly readingsPool: DbPool;
  readonly sms: Sms;
  readonly metrics: Metrics;
  /** The key of short codes; without it none are given out or taken. */
  readonly codeKey: Secret | undefined;
}

/** Everything that a process with the role `web` serves beside its own health. */
export async function registerPages(parts: FastifyInstance, options: PagesOptions): Promise<void> {
  const { config, clock, log, pool, sms, codeKey } = options;
  const deps = { pool, clock, log };
  const { emergencyNumbers, timeZone } = config;
  await parts.register(verificationPages, {
    ...verificationVerbs(deps),
    db: pool,
    clock,
    emergencyNumbers,
    log,
    ...config.homeCheck,
  });
  await parts.register(dailyPages, {
    db: pool,
    stop: (stop) => stopDailyWord(deps, stop),
    admit: (tokenHash) => admitForm(deps, tokenHash),
  });
  if (codeKey) {
    const redeem = (entered: EnteredCode) => redeemCheckCode({ ...deps, codeKey }, entered);
    await parts.register(codePages, { redeem, emergencyNumbers });
  }
  const { twilio, webhooks, inbox } = sms;
  const takeReceipt = (receipt: Receipt) => recordReceipt(deps, receipt);
  const takeReply = (reply: InboundReply) => recordReply(deps, reply);
  if (twilio) {
    await parts.register(twilioStatus, { read: twilio.status, record: takeReceipt });
    await parts.register(twilioInbound, { read: twilio.inbound, record: takeReply });
    const { thanksTwiml } = await import('../notify/channels/twilio-twiml.ts');
    const takeKey = async (press: KeyPress) => thanksTwiml((await recordKeyPress(deps, press)).language);
    await parts.register(twilioKey, { read: twilio.key, record: takeKey });
  }
  await parts.register(gatewayWebhooks, { webhooks, recordReceipt: takeReceipt, recordReply: takeReply });
  if (inbox && showsPhones(config)) await parts.register(phonesPage, { inbox, timeZone });
  await parts.register(readingsApi, readingsOptions(options));
  await parts.register(homePage);
}

/** The verbs behind the pages. */
export function verificationVerbs(deps: AlertDeps): VerificationVerbs {
  return {
    claim: (claim) => claimAlert(deps, claim),
    verify: (answer) => recordVerification(deps, answer),
    correct: (answer) => correctVerification(deps, answer),
    reopen: (answer) => reopenAlert(deps, answer),
    keepLate: (answer) => keepLateAnswer(deps, answer),
    addNote: (note) => addNote(deps, note),
    keepPhoto: (sender, photo) => keepPhoto(deps, sender, photo),
    noteOpening: (opening) => noteOpening(deps, opening),
    startDaily: (of) => startDailyWord(deps, of),
    stopDaily: (stop) => stopDailyWord(deps, stop),
    admit: (tokenHash) => admitForm(deps, tokenHash),
  };
}

function readingsOptions({ config, clock, log, readingsPool: pool, metrics }: PagesOptions): ReadingsApiOptions {
  const deps = { pool, clock, log, meters: createMeterDirectory(pool), keptDays: config.readingsKeptDays };
  // How old they are is not counted: a batch of last week's readings would say that meters are late.
  const onStored = ({ stored }: StoredBatch) => {
    metrics.countStored(stored);
  };
  return {
    take: (body, format) => takeReadings({ ...deps, onStored }, body, format),
    token: config.http.readingsToken,
    isLoopback: isLoopback(config.http),
  };
}
