import sharp from 'sharp';

/** The name of a phone and a place, as a camera writes them into a photo. */
export const HIDDEN = { phone: 'Telephone of Wang Fang', place: '121/1 28/1 2616/100' };

/** A photo lying on its side, as phones save them, with phone and place hidden in it: dark on top when it is upright. */
export function photoOfPhone(width = 640, height = 480): Promise<Buffer> {
  const dark = { create: { width: width / 2, height, channels: 3 as const, background: '#102030' } };
  return sharp({ create: { width, height, channels: 3, background: '#f0e0d0' } })
    .composite([{ input: dark, left: 0, top: 0 }])
    .withExif({
      IFD0: { Model: HIDDEN.phone },
      IFD3: {
        GPSLongitudeRef: 'E',
        GPSLongitude: HIDDEN.place,
        GPSLatitudeRef: 'N',
        GPSLatitude: '31/1 13/1 4950/100',
      },
    })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
}
