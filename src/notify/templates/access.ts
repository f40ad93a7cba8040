/** How a text leads to its page: by a link of its own, or, where links may not be sent, by a fixed address and a code. */
export type Access =
  | { readonly kind: 'link'; readonly url: string }
  | { readonly kind: 'code'; readonly address: string; readonly code: string };
