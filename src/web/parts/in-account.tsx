import { account, me } from '../state/session.ts'

/** Names the account in a form, when the member has several: the same symbol may be open in each. */
export function InAccount() {
  if ((me.value?.accounts.length ?? 0) < 2) return null
  return (
    <>
      {' '}
      in <strong>{account.value?.name}</strong>
    </>
  )
}
