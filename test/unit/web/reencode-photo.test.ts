import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { LARGEST_PHOTO_KEPT } from '../../../src/domain/alerting/check-photo.ts';
import { reencodePhoto } from '../../../src/web/verification/photo/reencode-photo.ts';
import { HIDDEN, photoOfPhone } from '../../support/photos.ts';

async function keptOf(photo: Buffer) {
  const result = await reencodePhoto(photo);
  if (!result.ok) throw new Error(`not kept: ${result.error}`);
  return result.value;
}

/** How bright the picture is at a place, 0 to 255. */
async function brightness(jpeg: Buffer, left: number, top: number): Promise<number> {
  const { channels } = await sharp(await sharp(jpeg).extract({ left, top, width: 8, height: 8 }).toBuffer()).stats();
  return channels[0]!.mean;
}

/** A PNG of a few bytes that says of itself how large it is. */
function pngOfSize(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const pixels = deflateSync(Buffer.alloc(1_000));
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name), data]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(named, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}

describe('a photo of a home check', () => {
  it('loses where and with whose phone it was taken', async () => {
    const photo = await photoOfPhone();
    expect(photo.includes(HIDDEN.phone)).toBe(true);
    const { exif } = await sharp(photo).metadata();
    expect(exif!.length).toBeGreaterThan(100);

    const { jpeg } = await keptOf(photo);
    expect(jpeg.includes(HIDDEN.phone)).toBe(false);
    expect(jpeg.includes('Exif')).toBe(false);
    expect(await sharp(jpeg).metadata()).toMatchObject({ format: 'jpeg', space: 'srgb', hasProfile: false });
    for (const part of ['exif', 'xmp', 'iptc', 'icc', 'orientation', 'comments']) {
      expect(await sharp(jpeg).metadata()).not.toHaveProperty(part);
    }
  });

  it('stands upright', async () => {
    const { jpeg, width, height } = await keptOf(await photoOfPhone(640, 480));
    expect({ width, height }).toEqual({ width: 480, height: 640 });
    expect(await brightness(jpeg, 240, 40)).toBeLessThan(60);
    expect(await brightness(jpeg, 240, 600)).toBeGreaterThan(200);
  });

  it('is made smaller, and never larger', async () => {
    expect(await keptOf(await photoOfPhone(3_200, 2_400))).toMatchObject({ width: 1_200, height: 1_600 });
    expect(await keptOf(await photoOfPhone(64, 48))).toMatchObject({ width: 48, height: 64 });
  });

  it('has at most 1 MiB even where it is nothing but noise', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 90 } as const;
    const photo = await sharp({ create: { width: 1_600, height: 1_600, channels: 3, background: '#fff', noise } })
      .jpeg({ quality: 90 })
      .toBuffer();
    const { jpeg } = await keptOf(photo);
    expect(photo.length).toBeGreaterThan(LARGEST_PHOTO_KEPT);
    expect(jpeg.length).toBeLessThanOrEqual(LARGEST_PHOTO_KEPT);
  });

  it('may be PNG or WebP, whose see-through parts become white', async () => {
    const glass = { create: { width: 32, height: 32, channels: 4, background: '#00000000' } } as const;
    for (const photo of [await sharp(glass).png().toBuffer(), await sharp(glass).webp().toBuffer()]) {
      expect(await brightness((await keptOf(photo)).jpeg, 8, 8)).toBeGreaterThan(250);
    }
  });
});

describe('what is no photo', () => {
  it('cannot be read: text, half a photo, nothing, and types that programs understand too well', async () => {
    const photo = await photoOfPhone();
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';
    const gif = await sharp(photo).gif().toBuffer();
    const tiff = await sharp(photo).tiff().toBuffer();
    const half = photo.subarray(0, photo.length / 2);
    for (const sent of [Buffer.from('%PDF-1.7'), Buffer.alloc(0), Buffer.from(svg), gif, tiff, half]) {
      expect(await reencodePhoto(sent)).toEqual({ ok: false, error: 'unreadable' });
    }
  });

  it('is not unpacked when it is small and says that it is huge, and the next photo is kept', async () => {
    const both = [reencodePhoto(pngOfSize(60_000, 60_000)), reencodePhoto(await photoOfPhone())];
    expect(await Promise.all(both)).toMatchObject([{ ok: false, error: 'too_large' }, { ok: true }]);
  });
});
