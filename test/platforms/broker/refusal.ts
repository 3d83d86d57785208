/** A request that the broker does not carry out, with the status and body of its answer. */
export class BrokerRefusal extends Error {
  readonly status: number
  readonly body: Record<string, unknown>
  constructor(status: number, message: string, body: Record<string, unknown>) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.body = body
  }
}
