/** The link of a home check in a text, or undefined: a text without one asks for nothing. Links elsewhere are not ours. */
export function checkLinkIn(body: string, baseUrl: string): string | undefined {
  const prefix = new URL('/v/', baseUrl).href;
  const start = body.indexOf(prefix);
  const token = start < 0 ? undefined : /^[\w-]{22}(?![\w-])/.exec(body.slice(start + prefix.length))?.[0];
  return token && prefix + token;
}

/** The code of the home that a text is about, as in SW-0001. */
export function homeCodeIn(body: string): string | undefined {
  return /\bSW-\d{4}\b/.exec(body)?.[0];
}

/** The code of a home check in a text that could carry no link, or undefined. It is entered at our address only. */
export function checkCodeIn(body: string, baseUrl: string): string | undefined {
  const { host, pathname } = new URL('/c', baseUrl);
  if (!body.includes(host + pathname)) return undefined;
  return /\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b/.exec(body)?.[0];
}
