/** What a call's TwiML tells the network to say, and where to bring the key that is pressed. */
export interface CallScript {
  readonly says: readonly string[];
  readonly languages: readonly string[];
  /** Undefined where no key is asked for. */
  readonly keyUrl: string | undefined;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads the part of TwiML that a call of this service uses: `Say`, and a `Gather` around it. */
export function callScriptIn(twiml: string): CallScript {
  const says = [...twiml.matchAll(/<Say([^>]*)>([^<]*)<\/Say>/g)];
  const gather = /<Gather([^>]*)>/.exec(twiml)?.[1];
  return {
    says: says.map(([, , text = '']) => decoded(text)),
    languages: says.map(([, attributes = '']) => attributeOf(attributes, 'language') ?? ''),
    keyUrl: gather === undefined ? undefined : attributeOf(gather, 'action'),
  };
}

function attributeOf(attributes: string, name: string): string | undefined {
  const text = new RegExp(`${name}="([^"]*)"`).exec(attributes)?.[1];
  return text === undefined ? undefined : decoded(text);
}

function decoded(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
