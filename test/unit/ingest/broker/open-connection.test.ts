import { expect, it } from 'vitest';
import { whereaboutsOf } from '../../../../src/ingest/broker/open-connection.ts';

it.each([
  ['mqtt://broker', { protocol: 'mqtt', hostname: 'broker', port: undefined }],
  ['mqtts://broker:8884', { protocol: 'mqtts', hostname: 'broker', port: 8_884 }],
  ['ws://[::1]:9001/mqtt?site=1', { protocol: 'ws', hostname: '[::1]', port: 9_001, path: '/mqtt?site=1' }],
  ['wss://broker/mqtt', { protocol: 'wss', port: undefined, path: '/mqtt' }],
  ['mqtt://in%40gest:p%2Fw@broker', { hostname: 'broker', username: 'in@gest', password: 'p/w' }],
])('the broker at %s is found', (url, where) => {
  expect(whereaboutsOf(url)).toMatchObject(where);
});

it('says nothing of a name where the URL has none', () => {
  expect(whereaboutsOf('mqtt://broker')).not.toHaveProperty('username');
  expect(whereaboutsOf('mqtt://broker')).not.toHaveProperty('password');
});

it('names the ways there are to reach a broker', () => {
  expect(() => whereaboutsOf('http://broker')).toThrow('mqtt, mqtts, ws, wss');
});
