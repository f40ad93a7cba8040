/** Called for each whole packet: its first byte (kind and flags), and what follows the length. */
export type OnFrame = (firstByte: number, body: Buffer) => void;

/** Cuts a stream of MQTT into packets, whatever the pieces in which it arrives. */
export function createFrameSplitter(onFrame: OnFrame): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (;;) {
      const frame = frameAt(bytes, start);
      if (!frame) break;
      onFrame(bytes.readUInt8(start), bytes.subarray(frame.bodyStart, frame.end));
      start = frame.end;
    }
    rest = bytes.subarray(start);
  };
}

function frameAt(bytes: Buffer, start: number): { bodyStart: number; end: number } | undefined {
  let length = 0;
  for (let digit = 0; digit < 4; digit += 1) {
    const byte = bytes[start + 1 + digit];
    if (byte === undefined) return undefined;
    length += (byte % 128) * 128 ** digit;
    if (byte >= 128) continue;
    const bodyStart = start + 2 + digit;
    const end = bodyStart + length;
    return end <= bytes.length ? { bodyStart, end } : undefined;
  }
  throw new Error('not a stream of MQTT: a length of more than four bytes');
}
