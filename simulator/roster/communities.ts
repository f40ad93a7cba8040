/** A node of the town's administrative tree. */
export interface Community {
  readonly code: string;
  readonly name: string;
  readonly level: 'city' | 'town' | 'community';
  /** The code of the node above; undefined for the city. */
  readonly parent: string | undefined;
}

export const CITY: Community = { code: 'CT', name: '静水市', level: 'city', parent: undefined };

const HOMES_A_COMMUNITY = 30;
const COMMUNITIES_A_TOWN = 5;

/** Which community, counted from 1, a home belongs to. */
export function communityNumberOf(homeNumber: number): number {
  return Math.floor((homeNumber - 1) / HOMES_A_COMMUNITY) + 1;
}

/** The community with this number and the town above it. */
export function communityWithTown(number: number): { readonly town: Community; readonly community: Community } {
  const townNumber = Math.floor((number - 1) / COMMUNITIES_A_TOWN) + 1;
  const town: Community = {
    code: `TN-${twoDigits(townNumber)}`,
    name: `柳溪镇${townNumber}区`,
    level: 'town',
    parent: CITY.code,
  };
  const community: Community = {
    code: `CM-${twoDigits(number)}`,
    name: `清泉社区${number}`,
    level: 'community',
    parent: town.code,
  };
  return { town, community };
}

function twoDigits(number: number): string {
  return number.toString().padStart(2, '0');
}
