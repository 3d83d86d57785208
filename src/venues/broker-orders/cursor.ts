/** The place in the list of steps, and the time of the last look in milliseconds; a newer time is noted every few minutes. */
export interface Place {
  place: number
  at?: number
}

const noteEveryMs = 10 * 60_000

/** The place in a cursor; the beginning for one of another form. */
export function placeIn(cursor: string | undefined): Place {
  try {
    const { place, at } = JSON.parse(cursor ?? '') as Partial<Place>
    if (Number.isSafeInteger(place)) return { place: place!, ...(Number.isFinite(at) && { at: at! }) }
  } catch {
    // A cursor of another form: from the beginning.
  }
  return { place: 0 }
}

/** The next cursor; the same one while nothing but a little time has passed. */
export function cursorOf(before: string | undefined, { place, at }: Required<Place>): string {
  const from = placeIn(before)
  const isSame = from.place === place && from.at !== undefined && Math.abs(at - from.at) < noteEveryMs
  return isSame && before !== undefined ? before : JSON.stringify({ place, at })
}
