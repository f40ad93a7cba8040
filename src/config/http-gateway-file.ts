import { z } from 'zod';
import { AppError } from '../core/errors.ts';

/** `a.b.0.c`: where in a JSON document something lies; empty is the document itself. */
const path = z.string().regex(/^(\$\.?)?[\w.-]*$/, 'not a path such as data.0.id');
const texts = z.record(z.string(), z.string());

/** The causes that an operator may map a gateway's codes to: those that have a consequence of their own. */
export const MAPPABLE_CAUSES = [
  'invalid_number',
  'not_mobile',
  'opted_out',
  'unreachable',
  'unknown_handset',
  'carrier_refused',
  'content_blocked',
  'content_refused',
  'refused',
  'account_refused',
  'account_suspended',
  'balance_empty',
  'sender_invalid',
  'template_invalid',
  'rate_limited',
  'gateway_unavailable',
] as const;
const causes = z.record(z.string(), z.enum(MAPPABLE_CAUSES)).default({});
const answer = z
  .strictObject({ contentType: z.string().default('application/json'), body: z.string().default('{}') })
  .default({ contentType: 'application/json', body: '{}' });

const file = z.strictObject({
  /** The name in deliveries and receipts, and in the address of its webhook. */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,30}$/, 'a short name in small letters')
    .refine((name) => !['log', 'twilio', 'aliyun'].includes(name), 'the name of another gateway'),
  links: z.enum(['any', 'none']).default('any'),
  timeoutSeconds: z.number().min(1).max(30).default(10),
  send: z.strictObject({
    method: z.enum(['POST', 'GET', 'PUT']).default('POST'),
    url: z.string().regex(/^https?:\/\//, 'not an http or https address'),
    headers: texts.default({}),
    /** One of the two; neither for GET. */
    json: z.json().optional(),
    form: texts.optional(),
  }),
  answer: z.strictObject({
    /** Where the answer says that the text was taken, and with which values; left out: any answer with status 2xx. */
    accepted: z.strictObject({ path, in: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1) }).optional(),
    /** How the gateway calls the text; left out: by the number that we gave it. */
    reference: path.optional(),
    code: path.optional(),
    causes,
  }),
  receipts: z
    .strictObject({
      list: path.optional(),
      reference: path,
      status: path,
      code: path.optional(),
      statuses: z.record(z.string(), z.enum(['accepted', 'sent', 'delivered', 'undelivered', 'failed'])),
      causes,
      answer,
    })
    .optional(),
  replies: z
    .strictObject({ list: path.optional(), from: path, body: path, reference: path.optional(), answer })
    .optional(),
});
export type HttpGatewayFile = z.output<typeof file>;

/**
 * Reads the description of an HTTP gateway. `${NAME}` in it stands for an environment variable, so that no secret need
 * be in the file.
 *
 * @throws AppError `config_invalid` that names every mistake.
 */
export function parseHttpGatewayFile(
  text: string,
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): HttpGatewayFile {
  const missing = new Set<string>();
  const filled = text.replace(/\$\{([A-Z][A-Z0-9_]*)\}/g, (_, variable: string) => {
    const value = env[variable];
    if (!value) missing.add(variable);
    return JSON.stringify(value ?? '').slice(1, -1);
  });
  const parsed = file.safeParse(jsonOf(filled));
  const mistakes = [
    ...[...missing].map((variable) => `  ${variable}: the file names it, and it is not set`),
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)),
  ];
  if (!parsed.success || mistakes.length > 0) {
    throw new AppError('config_invalid', `${name} has ${mistakes.length} mistake(s):\n${mistakes.join('\n')}`);
  }
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
