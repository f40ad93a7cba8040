/** What a broker sends is not what was agreed: the connection cannot go on. */
export class MqttProtocolError extends Error {
  override readonly name = 'MqttProtocolError';
  readonly code = 'EPROTO';
}
