import { expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { each, neighbourhood } from '../support/neighbourhood.ts';

const database = useDatabase();
const MONDAY = new Date('2026-03-02T00:00:00Z');
const CHINESE = /[一-龥]{4}/;

it('writes to the daughter in Chinese and to the son abroad in English, and tells both that it is over', async () => {
  const street = neighbourhood(database, MONDAY);
  const home = await street.home({
    code: 'SW-0008',
    resident: '张伟',
    people: {
      daughter: { role: 'guardian', language: 'zh-CN' },
      son: { role: 'guardian', position: 2, language: 'en' },
      neighbour: { role: 'contact' },
      desk: { role: 'desk' },
    },
  });

  await street.hours(home, ...each(10, 8), ...each(24, 0));
  street.expectTexts('daughter', 'neighbour');
  expect(street.lastTextTo(home, 'daughter')).toMatch(CHINESE);
  await street.minutes(15);
  street.expectTexts('son');
  expect(street.lastTextTo(home, 'son')).toContain('no water used for 24 h');
  expect(street.lastTextTo(home, 'son')).not.toMatch(CHINESE);

  await street.answers(home, 'son', 'safe', { method: 'phone' });
  street.expectTexts('daughter', 'neighbour', 'son');
  expect(street.lastTextTo(home, 'daughter')).toMatch(CHINESE);
  expect(street.lastTextTo(home, 'son')).not.toMatch(CHINESE);
  await street.endsInSilence();
});
