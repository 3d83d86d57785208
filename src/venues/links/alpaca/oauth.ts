import type { SignIn } from '../linkable.ts'
import { type OAuthApp, signInBy } from '../oauth.ts'

/** Signing in at Alpaca. The scope lets the desk look and trade; no scope of Alpaca withdraws money. */
export const signInAtAlpaca = (app: OAuthApp): SignIn =>
  signInBy(app, (mode) => ({ scope: 'account:write trading', env: mode }))
