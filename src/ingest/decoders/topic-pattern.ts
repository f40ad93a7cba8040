import type { TopicIdentity } from './decoder.ts';
import { isName } from './serial.ts';

/** What a topic with named parts matches. */
export interface TopicPattern {
  /** What to subscribe to. */
  readonly filter: string;
  /** Undefined for a topic of another shape, and for one whose sender or serial is no name. */
  readonly match: (topic: string) => Partial<TopicIdentity> | undefined;
}

const PART = /^\{(sender|serial|any)\}$/;

/** Makes a pattern of `plant/{sender}/water/{serial}`. A part is a whole level; `{any}` is one that says nothing. */
export function topicPattern(pattern: string): TopicPattern {
  const levels = pattern.split('/').map((text) => ({ text, part: PART.exec(text)?.[1] }));
  return {
    filter: levels.map(({ text, part }) => (part === undefined ? text : '+')).join('/'),
    match: (topic) => {
      const said = topic.split('/');
      if (said.length !== levels.length) return undefined;
      const identity: { sender?: string; serial?: string } = {};
      for (const [position, { text, part }] of levels.entries()) {
        const name = said[position] ?? '';
        if (part === undefined && name !== text) return undefined;
        if (part === undefined || part === 'any') continue;
        if (!isName(name)) return undefined;
        identity[part === 'sender' ? 'sender' : 'serial'] = name;
      }
      return identity;
    },
  };
}
