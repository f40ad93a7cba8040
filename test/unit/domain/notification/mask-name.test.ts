import { expect, it } from 'vitest';
import { maskName } from '../../../../src/domain/notification/mask-name.ts';

it('leaves a surname of a Chinese name and an initial of any other', () => {
  expect(['张伟', '欧阳娜娜', 'Rosa Gruber', ' lena wolf '].map(maskName)).toEqual(['张*', '欧*', 'G.', 'W.']);
});
