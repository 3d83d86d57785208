/** The streams that may be open at once: of one member and of this process. */
export interface StreamLimits {
  ofMember: number
  ofProcess: number
}

export const usualLimits: StreamLimits = { ofMember: 6, ofProcess: 200 }

/** Places of streams. */
export interface Places {
  /** Takes a place, and returns the function that gives it back; otherwise the limit that is reached. */
  take(memberId: number): (() => void) | keyof StreamLimits
}

/** Counts the streams that are open in this process. */
export function createPlaces({ ofMember, ofProcess }: StreamLimits): Places {
  const byMember = new Map<number, number>()
  let all = 0
  return {
    take(memberId) {
      const own = byMember.get(memberId) ?? 0
      if (own >= ofMember) return 'ofMember'
      if (all >= ofProcess) return 'ofProcess'
      byMember.set(memberId, own + 1)
      all += 1
      let isTaken = true
      return () => {
        if (!isTaken) return
        isTaken = false
        all -= 1
        const left = byMember.get(memberId)! - 1
        if (left === 0) byMember.delete(memberId)
        else byMember.set(memberId, left)
      }
    },
  }
}
