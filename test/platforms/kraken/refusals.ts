import { BrokerRefusal } from '../broker/refusal.ts'

/** A request that Kraken does not carry out: always a status of 200, with its error. */
export class Refusal extends BrokerRefusal {
  constructor(error: string) {
    super(200, error, { error: [error] })
  }
}
