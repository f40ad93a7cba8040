import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/config.ts';
import { AppError } from '../../../src/core/errors.ts';

const TWILIO = {
  SMS_DRIVER: 'twilio',
  TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
  TWILIO_AUTH_TOKEN: 'open sesame',
  TWILIO_MESSAGING_SERVICE_SID: 'MG00000000000000000000000000000000',
  PUBLIC_BASE_URL: 'https://care.example.org/',
};

describe('the configuration', () => {
  it('needs nothing at all: every part is then the embedded one and no text leaves the machine', () => {
    const config = loadConfig({});

    expect([config.database.url, config.redis.url, config.mqtt.url]).toEqual([undefined, undefined, undefined]);
    expect(config.sms).toEqual([{ driver: 'log' }]);
    expect(config.http.host).toBe('127.0.0.1');
    expect(config.timeZone).toBe('Asia/Shanghai');
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig({ REDIS_URL: '', PHONE_COUNTRIES: '' })).toEqual(loadConfig({}));
  });

  it('leaves alone what is not its own', () => {
    expect(loadConfig({ HOME: '/root', EDITOR: 'vi' })).toEqual(loadConfig({}));
  });

  it('counts periods in seconds and countries in any writing', () => {
    const config = loadConfig({ DETECT_EVERY_S: '0.5', PHONE_COUNTRIES: 'cn, at' });
    expect(config.everyMs.detect).toBe(500);
    expect(config.phoneCountries).toEqual(['CN', 'AT']);
  });

  it('keeps readings for 400 days, and never for fewer than the detectors need', () => {
    expect(loadConfig({}).readingsKeptDays).toBe(400);
    expect(loadConfig({ READINGS_KEPT_DAYS: '130' }).readingsKeptDays).toBe(130);
    for (const tooFew of ['129', '0', '-400', '130.5', 'for ever']) {
      expect(() => loadConfig({ READINGS_KEPT_DAYS: tooFew }), tooFew).toThrow('READINGS_KEPT_DAYS');
    }
  });

  it('writes the public address without a slash at its end, ready for a path', () => {
    expect(loadConfig({ PUBLIC_BASE_URL: 'https://care.example.org//' }).http.publicBaseUrl).toBe(
      'https://care.example.org',
    );
  });

  it('believes the proxies that are named, and takes nothing else for an address', () => {
    expect(loadConfig({}).http.trustedProxies).toEqual([]);
    const { trustedProxies } = loadConfig({ TRUSTED_PROXIES: '10.0.0.5, 192.168.0.0/16,fd00::/8' }).http;
    expect(trustedProxies).toEqual(['10.0.0.5', '192.168.0.0/16', 'fd00::/8']);
    for (const wrong of ['true', '10.0.0.0/33', '10.0.0.0/8/8', 'proxy.example.org', '10.0.0.5,']) {
      expect(() => loadConfig({ TRUSTED_PROXIES: wrong }), wrong).toThrow('TRUSTED_PROXIES');
    }
  });

  it('shows no password, however it is printed', () => {
    const config = loadConfig({
      ...TWILIO,
      DATABASE_URL: 'postgres://stillwater:sesame@db/stillwater',
      REDIS_URL: 'redis://:sesame@redis',
      MQTT_URL: 'mqtts://broker',
      MQTT_PASSWORD: 'sesame',
      TWILIO_AUTH_TOKEN_PREVIOUS: 'sesame',
    });
    expect(inspect(config, { depth: 9 }) + JSON.stringify(config)).not.toContain('sesame');
    expect(config.mqtt.password?.reveal()).toBe('sesame');
  });
});

describe('a wrong configuration', () => {
  it('is refused in one message that names every mistake', () => {
    const refusal = refusalOf({
      DATABASE_URL: 'mysql://db',
      REDIS_URL: 'localhost:6379',
      MQTT_URL: 'http://broker',
      HTTP_PORT: '70000',
      TIME_ZONE: 'Beijing',
      PHONE_COUNTRIES: 'China',
      LOG_LEVEL: 'loud',
      DETECT_EVERY_S: '0',
      SMS_DRIVER: 'twilio',
    });

    expect(refusal.code).toBe('config_invalid');
    expect(refusal.message).toContain('has 12 mistake(s)');
    for (const name of [
      'DATABASE_URL',
      'REDIS_URL',
      'MQTT_URL',
      'HTTP_PORT',
      'TIME_ZONE',
      'PHONE_COUNTRIES',
      'LOG_LEVEL',
      'DETECT_EVERY_S',
      'TWILIO_ACCOUNT_SID',
      'TWILIO_AUTH_TOKEN',
      'PUBLIC_BASE_URL',
      'TWILIO_MESSAGING_SERVICE_SID',
    ]) {
      expect(refusal.message).toContain(name);
    }
  });

  it('is not repeated back: it may hold a password', () => {
    expect(refusalOf({ DATABASE_URL: 'mysql://root:sesame@db' }).message).not.toContain('sesame');
  });
});

describe('calls', () => {
  const VOICE = { TWILIO_VOICE_FROM: '+15005550006' };

  it('are made by nobody unless a number for them is set', () => {
    expect(loadConfig(TWILIO).voice).toBeUndefined();
    expect(loadConfig({}).voice).toBeUndefined();
    expect(loadConfig({ ...TWILIO, TWILIO_VOICE_FROM: '' }).voice).toBeUndefined();
  });

  it('are made from that number by the account of the texts', () => {
    const { voice } = loadConfig({ ...TWILIO, ...VOICE, TWILIO_AUTH_TOKEN_PREVIOUS: 'sesame' });
    expect(voice).toMatchObject({ driver: 'twilio', from: '+15005550006', accountSid: TWILIO.TWILIO_ACCOUNT_SID });
    if (voice?.driver !== 'twilio') throw new Error('no calls');
    expect([voice.authToken.reveal(), voice.previousAuthToken?.reveal()]).toEqual(['open sesame', 'sesame']);
  });

  it('need that account even where another gateway sends the texts', () => {
    const { message } = refusalOf({ ...VOICE, SMS_DRIVER: 'http', SMS_HTTP_FILE: 'gateway.json' });
    for (const name of ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'PUBLIC_BASE_URL']) {
      expect(message).toContain(`${name}: TWILIO_VOICE_FROM needs it`);
    }
  });

  it('are only shown where texts are', () => {
    expect(loadConfig(VOICE).voice).toEqual({ driver: 'log' });
  });

  it('come from a number with its country', () => {
    expect(refusalOf({ TWILIO_VOICE_FROM: '010 5555' }).message).toContain('TWILIO_VOICE_FROM: not a number');
  });
});

describe('texts through Twilio', () => {
  it('come from a messaging service where there is one, otherwise from a number', () => {
    expect(loadConfig(TWILIO).sms[0]).toMatchObject({
      driver: 'twilio',
      sender: { messagingServiceSid: TWILIO.TWILIO_MESSAGING_SERVICE_SID },
    });
    const byNumber = { ...TWILIO, TWILIO_MESSAGING_SERVICE_SID: '', TWILIO_FROM: '+15005550006' };
    expect(loadConfig(byNumber).sms[0]).toMatchObject({ sender: { from: '+15005550006' } });
  });

  it('need a sender', () => {
    expect(refusalOf({ ...TWILIO, TWILIO_MESSAGING_SERVICE_SID: '' }).message).toContain('or TWILIO_FROM');
  });

  it('need the address under which callbacks are signed', () => {
    expect(refusalOf({ ...TWILIO, PUBLIC_BASE_URL: '' }).message).toContain('PUBLIC_BASE_URL');
  });
});

function refusalOf(env: Record<string, string>): AppError {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('the configuration was taken');
}
