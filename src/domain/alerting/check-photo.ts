/** For how many days a photo of a home check is kept. */
export const PHOTO_KEPT_DAYS = 90;

/** So many photos of one person are kept with one alert. */
export const MOST_PHOTOS = 5;

/** How large a photo may be that somebody sends, and the one that is kept of it, in bytes. */
export const LARGEST_PHOTO_SENT = 8 * 1_024 * 1_024;
export const LARGEST_PHOTO_KEPT = 1_024 * 1_024;

/**
 * Why a photo is not kept: larger than a phone makes them; no picture that can be read; more than are kept of one
 * person; or something went wrong on the way.
 */
export const PHOTO_PROBLEMS = ['too_large', 'unreadable', 'too_many', 'failed'] as const;
export type PhotoProblem = (typeof PHOTO_PROBLEMS)[number];
