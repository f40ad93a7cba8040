import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterReceipt,
  type DeliveryStatus,
  isFailure,
  type ReceiptStatus,
} from '../../../../src/domain/notification/delivery-status.ts';

const RECEIPTS = ['accepted', 'sent', 'delivered', 'undelivered', 'failed'] as const satisfies ReceiptStatus[];
const after = (receipts: readonly ReceiptStatus[]) =>
  receipts.reduce<DeliveryStatus>((status, receipt) => afterReceipt(status, receipt), 'started');

describe('what is known of a text', () => {
  it('does not go back from delivered to sent when the receipts come in the wrong order', () => {
    expect(after(['delivered', 'sent', 'accepted'])).toBe('delivered');
  });

  it('is a failure when one part did not arrive, though another did', () => {
    expect(after(['delivered', 'undelivered'])).toBe('undelivered');
    expect(after(['undelivered', 'delivered'])).toBe('undelivered');
  });

  it('is a failure or not whatever the order of the receipts and however often they come', () => {
    const receipts = fc.array(fc.constantFrom(...RECEIPTS), { minLength: 1 });
    fc.assert(
      fc.property(receipts, fc.func(fc.integer()), (inOneOrder, weight) => {
        const again = [...inOneOrder, ...inOneOrder];
        const inAnother = again.toSorted((a, b) => weight(a) - weight(b));
        expect(isFailure(after(inAnother))).toBe(isFailure(after(inOneOrder)));
        expect(isFailure(after(inOneOrder))).toBe(inOneOrder.some(isFailure));
        if (!isFailure(after(inOneOrder))) expect(after(inAnother)).toBe(after(inOneOrder));
      }),
    );
  });

  it('counts undelivered as a failure', () => {
    expect(isFailure('undelivered')).toBe(true);
    expect(isFailure('sent')).toBe(false);
  });
});
