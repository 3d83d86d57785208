/** Time as the desk sees it; tests bring their own. */
export interface Clock {
  now(): Date
  /** How many planned milliseconds pass in a real one: 1, or `TIME_SCALE` in a demonstration. */
  scale: number
}

/** The machine's clock. With a scale of 60 a planned minute takes a second. */
export function systemClock(scale = 1): Clock {
  return { now: () => new Date(), scale }
}

/** Real milliseconds that a planned wait takes. */
export function realWait(clock: Clock, plannedMs: number): number {
  return plannedMs / clock.scale
}
