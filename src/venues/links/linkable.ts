import type { Big } from '../../base/amounts.ts'
import type { Credentials, OAuthCredentials } from './credentials.ts'

/** An account that given credentials open at a venue. */
export interface FoundAccount {
  /** The venue's id of the account. */
  account: string
  /** `••••1234`. */
  maskedNumber: string
  /** Dollars. */
  cash: Big
  equity?: Big
  buyingPower?: Big
  /** The reason why the account may not trade now, in the venue's words. */
  blocked?: string
}

/** The result of a look at a venue with new credentials. */
export type Checked =
  | { outcome: 'found'; found: FoundAccount }
  /** The venue does not take them. */
  | { outcome: 'wrong'; words: string }
  /** They are right, and the desk does not want them: they may withdraw money, or the account is not in dollars. */
  | { outcome: 'unfit'; words: string }
  /** The venue did not answer. */
  | { outcome: 'away'; words: string }

/** A venue whose accounts members link. */
export interface Linkable {
  venue: string
  /** Its name for people. */
  title: string
  /** The place where a member finds the keys of an account of this mode; absent: the venue gives out none, and members sign in. */
  keysPage?: Record<'paper' | 'live', string>
  /** Looks at the account behind new credentials, once, within eight seconds. Never throws. */
  check(mode: 'paper' | 'live', credentials: Credentials): Promise<Checked>
  /** Signing in at the venue (OAuth); absent: members give keys, or the desk has no app there. */
  signIn?: SignIn
}

/** Signing in at a venue: OAuth's code flow with PKCE. */
export interface SignIn {
  /** The address of the venue's page, without a query. */
  page: string
  /** The address to which a member's browser is sent. */
  url(mode: 'paper' | 'live', asked: { state: string; challenge: string; redirect: string }): string
  /** Exchanges the code with which the browser came back. Never throws. */
  exchange(given: {
    code: string
    verifier: string
    redirect: string
  }): Promise<{ outcome: 'given'; credentials: OAuthCredentials } | { outcome: 'wrong' | 'away'; words: string }>
}
