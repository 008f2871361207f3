/**
 * Most bytes of one event that are held until it is whole. The last event of a response repeats all of it; the bound is
 * far above that, and small enough to hold a few of them.
 */
export const maxEventBytes = 4 * 1024 * 1024;
