/** What homes can have in common that fails for all of them at once; the widest last. */
export const SCOPE_KINDS = ['gateway', 'community', 'dma', 'everywhere'] as const;
export type ScopeKind = (typeof SCOPE_KINDS)[number];

/** An area: a community by its code, a gateway or DMA by its name; nothing names everywhere. */
export interface AreaScope {
  readonly kind: ScopeKind;
  readonly name: string;
}

export const EVERYWHERE = { kind: 'everywhere', name: '' } as const satisfies AreaScope;

/** Where a home belongs. A home without a gateway or a DMA on record belongs to none. */
export interface Place {
  readonly community: string;
  readonly gateway: string | null;
  readonly dma: string | null;
}

/** Every area a home belongs to. */
export function scopesOf({ community, gateway, dma }: Place): AreaScope[] {
  return [
    ...(gateway === null ? [] : [{ kind: 'gateway', name: gateway } as const]),
    { kind: 'community', name: community },
    ...(dma === null ? [] : [{ kind: 'dma', name: dma } as const]),
    EVERYWHERE,
  ];
}

/** A name for an area by which maps can know it. */
export function scopeKey({ kind, name }: AreaScope): string {
  return `${kind} ${name}`;
}
