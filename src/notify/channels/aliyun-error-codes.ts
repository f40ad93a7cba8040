import type { FailureCause } from '../../domain/notification/failure-cause.ts';

/**
 * The codes of Aliyun's SendSms in our words, as its list of error codes describes them, and those of its receipts.
 * A code that is not here counts as a refusal of this one text.
 */
const CAUSES: Readonly<Record<string, FailureCause>> = {
  'isv.MOBILE_NUMBER_ILLEGAL': 'invalid_number',
  'isv.BLACK_KEY_CONTROL_LIMIT': 'content_blocked',
  'isv.INVALID_PARAMETERS': 'content_refused',
  'isv.INVALID_JSON_PARAM': 'content_refused',
  'isv.TEMPLATE_MISSING_PARAMETERS': 'content_refused',
  'isv.TEMPLATE_PARAMS_ILLEGAL': 'content_refused',
  'isv.PARAM_LENGTH_LIMIT': 'content_refused',
  'isv.PARAM_NOT_SUPPORT_URL': 'content_refused',
  'isv.SMS_TEMPLATE_ILLEGAL': 'template_invalid',
  'isv.SMS_SIGNATURE_ILLEGAL': 'sender_invalid',
  'isv.SMS_SIGNATURE_SCENE_ILLEGAL': 'sender_invalid',
  'isv.AMOUNT_NOT_ENOUGH': 'balance_empty',
  'isv.OUT_OF_SERVICE': 'account_suspended',
  'isv.PRODUCT_UN_SUBSCRIPT': 'account_suspended',
  'isv.ACCOUNT_NOT_EXISTS': 'account_refused',
  'isv.ACCOUNT_ABNORMAL': 'account_refused',
  'isv.DENY_IP_RANGE': 'account_refused',
  'isp.RAM_PERMISSION_DENY': 'account_refused',
  SignatureDoesNotMatch: 'account_refused',
  SignatureNonceUsed: 'rate_limited',
  'InvalidAccessKeyId.NotFound': 'account_refused',
  'InvalidAccessKeyId.Inactive': 'account_refused',
  Forbidden: 'account_refused',
  'isv.BUSINESS_LIMIT_CONTROL': 'rate_limited',
  'isv.DAY_LIMIT_CONTROL': 'rate_limited',
  'Throttling.User': 'rate_limited',
  Throttling: 'rate_limited',
  MOBILE_ACCOUNT_ABNORMAL: 'invalid_number',
  INVALID_NUMBER: 'invalid_number',
  MOBILE_IN_BLACK: 'opted_out',
  USER_REJECT: 'opted_out',
  MOBILE_TERMINAL_ERROR: 'unreachable',
  MOBILE_NOT_ON_SERVICE: 'unknown_handset',
  CONTENT_KEYWORD: 'content_blocked',
};

export function causeOfAliyunCode(code: string): FailureCause {
  return CAUSES[code] ?? 'refused';
}
