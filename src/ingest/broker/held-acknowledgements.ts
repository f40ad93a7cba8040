import type { IPublishPacket, MqttClient } from 'mqtt';
import { createAcknowledgements } from './acknowledgements.ts';

/** A message from the broker, which goes on believing it undelivered until it is acknowledged. */
export interface HeldMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /**
   * Tells the broker that the message is safe. Without effect once the connection it came over is gone: the broker
   * then sends it again, and over another connection its packet id may stand for another message.
   */
  readonly acknowledge: () => void;
}

/** Takes over a message. Until `proceed` is called the client reads nothing more from the broker. */
export type MessageHandler = (message: HeldMessage, proceed: () => void) => void;

interface Packet {
  readonly cmd: string;
}

/** The private door through which mqtt.js sends every packet. A contract test watches that it stays as it is. */
interface PacketDoor {
  _sendPacket: (packet: Packet, done?: (error?: Error) => void, ...rest: unknown[]) => void;
}

/**
 * Takes the acknowledging of messages out of the hands of an mqtt.js client.
 *
 * mqtt.js would acknowledge a message as soon as its handler is done, and reads the next one only then: a handler that
 * waited for the commit would see one message a transaction. So the client is told that its PUBACKs are sent, none
 * is, and the real one follows when `acknowledge` is called. docs/adr/0003 has the whole story.
 */
export function holdAcknowledgements(client: MqttClient, onMessage: MessageHandler): void {
  const door = client as unknown as PacketDoor;
  const send = door._sendPacket.bind(client);
  door._sendPacket = (packet, done, ...rest) => {
    if (packet.cmd === 'puback') done?.();
    else send(packet, done, ...rest);
  };
  const acknowledgements = createAcknowledgements(client);
  client.handleMessage = (packet, done) => {
    const acknowledge = acknowledgements.of(client.stream, packet.messageId);
    const hold: { isOver: boolean; pinging?: NodeJS.Timeout } = { isOver: false };
    onMessage({ topic: packet.topic, payload: bytesOf(packet), acknowledge }, () => {
      hold.isOver = true;
      clearInterval(hold.pinging);
      done();
    });
    if (!hold.isOver) hold.pinging = keepPinging(client);
  };
}

function bytesOf({ payload }: IPublishPacket): Uint8Array {
  return typeof payload === 'string' ? Buffer.from(payload) : payload;
}

/**
 * While nothing is read, answers to pings are not read either, and the client would take the broker for dead. So it
 * goes on pinging, and forgives the answers, until the handler lets it proceed.
 */
function keepPinging(client: MqttClient): NodeJS.Timeout {
  const { stream } = client;
  return setInterval(() => {
    if (!client.connected || client.stream !== stream) return;
    client.sendPing();
    client.reschedulePing(true);
  }, client.keepalive * 500);
}
