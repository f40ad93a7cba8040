import type { Intent } from '../../db/outbox.ts';
import type { Language } from '../../domain/language.ts';
import { smsLength } from '../../domain/notification/sms-length.ts';
import type { Rendering, TextContent } from '../sms-gateway.ts';

/** The templates that a provider has reviewed: by what the text is for, and whether it speaks of several homes. */
export type TemplateKey = Intent | `${Intent}_bundle`;
export type Templates = Readonly<Partial<Record<TemplateKey, Readonly<Partial<Record<Language, string>>>>>>;

/** Schemes, dotted quads and anything with a top-level domain: what reviewers of variables refuse. */
const LOOKS_LIKE_ADDRESS =
  /https?:|www\.|\b\d{1,3}(\.\d{1,3}){3}\b|\b[a-z0-9-]+\.(com|cn|net|org|gov|io|app|me|cc|top|vip)\b/i;

/**
 * The rendering of a route that only fills in templates. Refuses, before anything goes over the network, a text that has
 * no template, a variable with an address in it, and one that is too long.
 */
export function renderTemplate(
  content: TextContent,
  { templates, longestVariable }: { readonly templates: Templates; readonly longestVariable: number },
): Rendering {
  const intent = content.intent === 'check_again' ? 'check_request' : content.intent;
  const key: TemplateKey = content.isBundle ? `${intent}_bundle` : intent;
  const template = templates[key]?.[content.language] ?? templates[key]?.['zh-CN'];
  if (template === undefined) return refused('template_invalid', `there is no template for ${key}`);
  for (const [name, text] of Object.entries(content.variables)) {
    if (LOOKS_LIKE_ADDRESS.test(text)) return refused('content_refused', `the variable ${name} holds an address`);
    const letters = Array.from(text).length;
    if (letters > longestVariable) return refused('content_refused', `the variable ${name} has ${letters} letters`);
  }
  // The words of the template are the provider's; the whole text is as good a measure of what it comes to.
  return { kind: 'template', template, variables: content.variables, parts: smsLength(content.body).parts };
}

function refused(cause: 'template_invalid' | 'content_refused', detail: string): Rendering {
  return { kind: 'refused', cause, detail };
}
