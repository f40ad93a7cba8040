import { createHash, createHmac, randomUUID } from 'node:crypto';

/** A call of an Aliyun action, as the second and third generation of its API take it: all parameters in the query. */
export interface AliyunCall {
  readonly host: string;
  readonly action: string;
  readonly version: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface AliyunKeys {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

const ALGORITHM = 'ACS3-HMAC-SHA256';
const EMPTY_BODY = '';

/**
 * The query and the headers of a signed call: ACS3-HMAC-SHA256, as "Request syntax and signature method V3" of Alibaba
 * Cloud's SDK documentation describes it. `at` is the time of the call.
 */
export function signAliyunCall(
  { host, action, version, parameters }: AliyunCall,
  { accessKeyId, accessKeySecret }: AliyunKeys,
  at: Date,
): { query: string; headers: Record<string, string> } {
  const query = Object.entries(parameters)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const bodyHash = sha256(EMPTY_BODY);
  const headers: Record<string, string> = {
    host,
    'x-acs-action': action,
    'x-acs-content-sha256': bodyHash,
    'x-acs-date': at.toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-version': version,
  };
  const names = Object.keys(headers).sort();
  const canonicalHeaders = names.map((name) => `${name}:${headers[name] ?? ''}\n`).join('');
  const request = ['POST', '/', query, canonicalHeaders, names.join(';'), bodyHash].join('\n');
  const signature = createHmac('sha256', accessKeySecret)
    .update(`${ALGORITHM}\n${sha256(request)}`)
    .digest('hex');
  const authorization = `${ALGORITHM} Credential=${accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return { query, headers: { ...headers, authorization } };
}

/** RFC 3986: letters, digits and `-_.~` as they are, all else in capitals. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
