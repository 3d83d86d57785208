/** The desk's source of time; tests bring their own. */
export interface Clock {
  now(): Date
  /** Planned milliseconds that pass in one real millisecond: 1, or `TIME_SCALE` in a demonstration. */
  scale: number
}

/** The machine's clock. With a scale of 60 a planned minute takes a second. */
export function systemClock(scale = 1): Clock {
  return { now: () => new Date(), scale }
}

/** The real milliseconds of a planned wait. */
export function realWait(clock: Clock, plannedMs: number): number {
  return plannedMs / clock.scale
}
