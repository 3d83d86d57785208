import { type Referee, refereed as refereedBy, specifications } from '../broker/referee.ts'

export { hasSpecifications, type Referee } from '../broker/referee.ts'

/** Starts a referee in front of a host of a local Alpaca (its base URL). */
export const refereed = (hostUrl: string, document: 'trading' | 'data' = 'trading'): Promise<Referee> =>
  refereedBy(hostUrl, `${specifications}alpaca-${document}.openapi.yaml`)
